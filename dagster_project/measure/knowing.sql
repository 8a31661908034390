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
    SELECT *, row_number() OVER (PARTITION BY supplier_id, year_end ORDER BY median_gap, size) AS place
    FROM (
        SELECT *, make_date(CAST(coalesce(nullif(regexp_extract(due, '(\d{4})', 1), ''), '1900') AS INT), 3, 31) AS year_end
        FROM pay_gaps
    )
)
WHERE place = 1;

-- The newest report whose period ended within the year.
CREATE OR REPLACE TABLE practices AS
WITH dated AS (
    SELECT
        supplier_id, days, within_30,
        TRY_CAST(regexp_extract(period_end, '^\s*(\d{4}-\d{1,2}-\d{1,2})', 1) AS DATE) AS ended
    FROM payment_practices
)
SELECT supplier_id, year_end, TRY_CAST(days AS DECIMAL(12, 6)) AS days, TRY_CAST(within_30 AS DECIMAL(12, 6)) AS within_30
FROM (
    SELECT
        d.*, y.year_end,
        row_number() OVER (PARTITION BY d.supplier_id, y.year_end ORDER BY d.ended DESC, d.days, d.within_30) AS place
    FROM dated AS d JOIN year_ends AS y ON d.ended > y.year_end - INTERVAL 1 YEAR AND d.ended <= y.year_end
)
WHERE place = 1;

CREATE OR REPLACE TABLE deprived AS
SELECT
    replace(upper(postcode), ' ', '') AS postcode_key,
    bool_and(rank = 'deprived') AS is_deprived
FROM deprivation GROUP BY ALL;

-- Kilograms of CO2e a pound of each division of industry: the least and the most of its groups, and of all of them
-- without the outermost twentieths, for who is in no known industry. The table's years that do not reach the payment's are stretched.
CREATE OR REPLACE TABLE factors AS
WITH said AS (
    SELECT
        TRY_CAST(regexp_extract("group", '^\s*(\d{1,2})', 1) AS INT) AS division, year,
        TRY_CAST(
            CASE year
                WHEN 2015 THEN y2015 WHEN 2016 THEN y2016 WHEN 2017 THEN y2017 WHEN 2018 THEN y2018 WHEN 2019 THEN y2019
                WHEN 2020 THEN y2020 WHEN 2021 THEN y2021 WHEN 2022 THEN y2022 WHEN 2023 THEN y2023
            END AS DECIMAL(12, 6)
        ) AS kilograms
    FROM emission_factors
    CROSS JOIN (VALUES (2015), (2016), (2017), (2018), (2019), (2020), (2021), (2022), (2023)) AS printed(year)
),
placed AS (
    SELECT
        *, row_number() OVER (PARTITION BY year ORDER BY kilograms, division) AS place, count(*) OVER (PARTITION BY year) AS number
    FROM said WHERE kilograms IS NOT NULL
),
outermost AS (
    SELECT
        year, min(kilograms) FILTER (WHERE place * 20 >= number) AS factor_least,
        min(kilograms) FILTER (WHERE place * 20 >= number * 19) AS factor_most
    FROM placed GROUP BY year
)
SELECT y.year_end, division, min(kilograms) AS factor_low, max(kilograms) AS factor_high,
    min(factor_least) AS factor_least, min(factor_most) AS factor_most
FROM placed JOIN outermost USING (year)
JOIN year_ends AS y ON year = greatest(2015, least(2023, y.starts))
GROUP BY y.year_end, division;

CREATE OR REPLACE TABLE price_years AS
SELECT
    printf('%d-%02d', starts, (starts + 1) % 100) AS period, sum(price) AS prices, count(*) AS months
FROM (
    SELECT
        CAST(left(time, 4) AS INT) - CAST(right(time, 3) IN ('JAN', 'FEB', 'MAR') AS INT) AS starts,
        CAST("index" AS DECIMAL(9, 3)) AS price
    FROM prices WHERE regexp_matches(time, '^\d{4} [A-Z]{3}$')
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
        strftime(make_date(CAST(left(period, 4) AS INT) + CAST(m > 9 AS INT), (m + 2) % 12 + 1, 1), '%Y-%m') AS month
    FROM years
    CROSS JOIN (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)) AS months(m)
)
SELECT
    d.publisher, d.period, d.month, coalesce(s.payments, 0) AS payments,
    median(s.payments) OVER (PARTITION BY d.publisher, d.period) AS middle
FROM due AS d LEFT JOIN seen AS s USING (publisher, period, month);

-- One row for each file and the one before it: how many headings they share, of all that either has.
CREATE OR REPLACE TABLE layout_years AS
WITH heads AS (
    SELECT DISTINCT publisher, file_id, lower(trim(replace(heading, '|', '¦'))) AS heading FROM layouts WHERE first_month <> ''
),
sheets AS (
    SELECT publisher, file_id, min(first_month) AS first_month, count(DISTINCT lower(trim(replace(heading, '|', '¦')))) AS headings
    FROM layouts WHERE first_month <> '' GROUP BY ALL
),
pairs AS (
    SELECT
        publisher, file_id, headings,
        lag(file_id) OVER (PARTITION BY publisher ORDER BY first_month, file_id) AS earlier,
        lag(headings) OVER (PARTITION BY publisher ORDER BY first_month, file_id) AS headings_earlier,
        CAST(left(first_month, 4) AS INT) - CAST(right(first_month, 2) IN ('01', '02', '03') AS INT) AS starts
    FROM sheets
),
shared AS (
    SELECT p.publisher, p.file_id, count(*) AS headings
    FROM pairs AS p
    JOIN heads AS h ON h.publisher = p.publisher AND h.file_id = p.file_id
    JOIN heads AS e ON e.publisher = p.publisher AND e.file_id = p.earlier AND e.heading = h.heading
    GROUP BY ALL
)
SELECT
    p.publisher, printf('%d-%02d', starts, (starts + 1) % 100) AS period,
    coalesce(s.headings, 0) AS headings_in_both,
    p.headings + p.headings_earlier - coalesce(s.headings, 0) AS headings_in_either
FROM pairs AS p LEFT JOIN shared AS s ON s.publisher = p.publisher AND s.file_id = p.file_id
WHERE p.earlier IS NOT NULL;
