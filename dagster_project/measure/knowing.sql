-- Small tables that the figures are made with, from what registers print.
CREATE OR REPLACE TABLE years AS
-- One row per body and financial year: pence and payments published, months served.
SELECT
    publisher, period, CAST(sum(amount_pence) AS BIGINT) AS pence, count(*) AS payments,
    count(DISTINCT month) AS months
FROM paid GROUP BY ALL;

CREATE OR REPLACE TABLE paid_suppliers AS
SELECT DISTINCT supplier_id FROM paid WHERE supplier_id <> '';

CREATE OR REPLACE TABLE year_ends AS
SELECT DISTINCT period, CAST(left(period, 4) AS INT) AS starts, make_date(CAST(left(period, 4) AS INT) + 1, 3, 31) AS year_end
FROM years;

-- Reports due in a financial year's wake, such as 30 March 2023 for 2022-23, are about that year.
CREATE OR REPLACE TABLE gaps AS
SELECT
    supplier_id, year_end, TRY_CAST(median_gap AS DECIMAL(12, 6)) AS median_gap, size,
    size NOT IN ('Less than 250', 'Not Provided', '') AS is_large
FROM (
    SELECT *, make_date(CAST(coalesce(nullif(regexp_extract(due, '(\d{4})', 1), ''), '1900') AS INT), 3, 31) AS year_end
    FROM pay_gaps
)
QUALIFY row_number() OVER (PARTITION BY supplier_id, year_end ORDER BY median_gap, size) = 1;

-- The newest report whose period ended within the year.
CREATE OR REPLACE TABLE practices AS
SELECT p.supplier_id, y.year_end, TRY_CAST(p.days AS DECIMAL(12, 6)) AS days, TRY_CAST(p.within_30 AS DECIMAL(12, 6)) AS within_30
FROM payment_practices AS p
JOIN year_ends AS y
    ON TRY_CAST(p.period_end AS DATE) > y.year_end - INTERVAL 1 YEAR AND TRY_CAST(p.period_end AS DATE) <= y.year_end
QUALIFY row_number() OVER (PARTITION BY p.supplier_id, y.year_end ORDER BY TRY_CAST(p.period_end AS DATE) DESC, days) = 1;

CREATE OR REPLACE TABLE deprived AS
SELECT
    replace(upper(postcode), ' ', '') AS postcode_key,
    bool_and(rank = 'deprived') AS is_deprived
FROM deprivation GROUP BY ALL;

-- Kilograms of CO2e a pound of each division of industry: the least and the most of its groups, and of all of them
-- without the outermost twentieths, for who is in no known industry. The table's years that do not reach the payment's are stretched.
CREATE OR REPLACE TABLE factors AS
WITH long AS (
    UNPIVOT emission_factors ON COLUMNS('y\d{4}') INTO NAME year VALUE kilograms
),
clean AS (
    SELECT
        TRY_CAST(regexp_extract("group", '^\s*(\d{1,2})', 1) AS INT) AS division, CAST(substr(year, 2) AS INT) AS year,
        TRY_CAST(kilograms AS DECIMAL(12, 6)) AS kilograms
    FROM long
)
SELECT y.year_end, division, min(kilograms) AS factor_low, max(kilograms) AS factor_high,
    any_value(least_of) AS factor_least, any_value(most_of) AS factor_most
FROM (
    SELECT
        *, quantile_disc(kilograms, 0.05) OVER (PARTITION BY year) AS least_of,
        quantile_disc(kilograms, 0.95) OVER (PARTITION BY year) AS most_of
    FROM clean WHERE kilograms IS NOT NULL
) AS c
JOIN year_ends AS y ON c.year = greatest(2015, least(2023, y.starts))
GROUP BY y.year_end, division;

CREATE OR REPLACE TABLE price_years AS
SELECT
    printf('%d-%02d', starts, (starts + 1) % 100) AS period, sum(price) AS prices, count(*) AS months
FROM (
    SELECT
        CAST(left(time, 4) AS INT) - CAST(right(time, 3) IN ('JAN', 'FEB', 'MAR') AS INT) AS starts,
        CAST("index" AS DECIMAL(9, 3)) AS price
    FROM prices WHERE regexp_full_match(time, '\d{4} [A-Z]{3}')
)
GROUP BY ALL HAVING count(*) = 12;

CREATE OR REPLACE TABLE file_years AS
SELECT
    *, printf('%d-%02d', starts, (starts + 1) % 100) AS period
FROM (
    SELECT *, CAST(left(first_month, 4) AS INT) - CAST(right(first_month, 2) IN ('01', '02', '03') AS INT) AS starts
    FROM files WHERE first_month <> '' AND dataset_kinds LIKE '%payments%'
);

-- Twelve rows for each year of a body: whether the month holds payments. A month with less than a fifth of its year's
-- middle month counts as half there.
CREATE OR REPLACE TABLE month_years AS
WITH seen AS (
    SELECT publisher, period, month, count(*) AS payments FROM paid GROUP BY ALL
),
due AS (
    SELECT
        publisher, period,
        strftime(make_date(CAST(left(period, 4) AS INT) + CAST(m > 9 AS INT), CAST((m + 2) % 12 + 1 AS INT), 1), '%Y-%m') AS month
    FROM years, range(1, 13) AS months(m)
)
SELECT
    d.publisher, d.period, d.month, coalesce(s.payments, 0) AS payments,
    median(s.payments) OVER (PARTITION BY d.publisher, d.period) AS middle
FROM due AS d LEFT JOIN seen AS s USING (publisher, period, month);

-- One row for each file and the one before it: how many headings they share, of all that either has.
CREATE OR REPLACE TABLE layout_years AS
WITH heads AS (
    SELECT publisher, file_id, min(first_month) AS first_month, list_distinct(list(lower(trim(heading)))) AS headings
    FROM layouts WHERE first_month <> '' GROUP BY ALL
),
pairs AS (
    SELECT
        *, lag(headings) OVER (PARTITION BY publisher ORDER BY first_month, file_id) AS earlier,
        CAST(left(first_month, 4) AS INT) - CAST(right(first_month, 2) IN ('01', '02', '03') AS INT) AS starts
    FROM heads
)
SELECT
    publisher, printf('%d-%02d', starts, (starts + 1) % 100) AS period,
    len(list_intersect(headings, earlier)) AS headings_in_both,
    len(list_distinct(list_concat(headings, earlier))) AS headings_in_either
FROM pairs WHERE earlier IS NOT NULL;
