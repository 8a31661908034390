-- What visits to websites showed of files, by body and financial year.
-- Input: visits, one row for each address and month that it covers; duties, by when a body publishes; month_years.
-- One row for each address, in the year of the first month that it covers; only years with payments.
CREATE OR REPLACE TABLE visit_files AS
SELECT
    f.publisher, f.url, y.period, f.licence, f.year_on <= f.until AS is_old,
    CASE
        WHEN f.last_asked < f.year_on THEN NULL
        WHEN f.answer = 'same' THEN TRUE
        WHEN f.answer IN ('changed', 'gone') THEN FALSE
    END AS has_lasted
FROM (
    SELECT
        *, CAST(left(first_month, 4) AS INT) - CAST(right(first_month, 2) IN ('01', '02', '03') AS INT) AS starts,
        CAST(CAST(left(first_seen, 4) AS INT) + 1 AS VARCHAR) || right(first_seen, 6) AS year_on
    FROM (
        SELECT
            publisher, url, min(month) AS first_month, min(first_seen) AS first_seen, max(last_asked) AS last_asked,
            min(answer) AS answer, min(licence) AS licence, max(watched_until) AS until
        FROM visits WHERE month <> '' GROUP BY ALL
    )
) AS f
JOIN years AS y ON y.publisher = f.publisher AND y.period = printf('%d-%02d', f.starts, (f.starts + 1) % 100);

-- One row for each month that was due before the last visit. Whether it was there in time is only known where we looked
-- before it was late; it was not there where a visit after that day did not find it.
CREATE OR REPLACE TABLE visit_months AS
WITH watched AS (
    SELECT publisher, min(watched_since) AS since, max(watched_until) AS until FROM visits GROUP BY ALL
),
found AS (
    SELECT publisher, month, min(first_seen) AS first_seen, min(missing_on) AS missing_on
    FROM visits WHERE month <> '' GROUP BY ALL
),
numbered AS (
    SELECT
        m.publisher, m.period, m.month, CAST(left(m.month, 4) AS INT) AS y, CAST(right(m.month, 2) AS INT) AS n,
        CASE d.publish_by WHEN 'quarter' THEN 4 - (CAST(right(m.month, 2) AS INT) - 1) % 3 ELSE 2 END AS more
    FROM month_years AS m JOIN duties AS d ON d.publisher = m.publisher
),
due AS (
    SELECT
        publisher, period, month,
        strftime(make_date(y + CAST(n + more > 12 AS INT), (n + more - 1) % 12 + 1, 1), '%Y-%m-%d') AS late_from
    FROM numbered
)
SELECT
    d.publisher, d.period, d.month, d.late_from,
    CASE
        WHEN d.late_from <= w.since THEN NULL
        WHEN f.first_seen < d.late_from THEN TRUE
        WHEN coalesce(f.missing_on, w.until) >= d.late_from THEN FALSE
    END AS is_in_time
FROM due AS d
JOIN watched AS w ON w.publisher = d.publisher
LEFT JOIN found AS f ON f.publisher = d.publisher AND f.month = d.month
WHERE d.late_from <= w.until;

-- One row for each month that was published again; a note beside any of its files speaks for it.
CREATE OR REPLACE TABLE visit_changes AS
SELECT c.publisher, m.period, c.month, c.is_noted
FROM (
    SELECT publisher, month, bool_or(CASE note WHEN 'yes' THEN TRUE WHEN 'no' THEN FALSE END) AS is_noted
    FROM visits WHERE month <> '' AND published_again = 'yes' GROUP BY ALL
) AS c
JOIN month_years AS m ON m.publisher = c.publisher AND m.month = c.month;
