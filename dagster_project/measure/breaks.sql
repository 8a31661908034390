-- How many payments of each month lie under each floor that bodies publish from; money that comes back is left out.
-- A floor that counts VAT in is a sixth lower without it, so a payment is under a floor below five sixths of it.
-- Input: paid.
SELECT
    publisher, month, count(*) AS payments,
    count(*) FILTER (WHERE amount_pence * 6 < 10000 * 5) AS under_100,
    count(*) FILTER (WHERE amount_pence * 6 < 25000 * 5) AS under_250,
    count(*) FILTER (WHERE amount_pence * 6 < 50000 * 5) AS under_500,
    count(*) FILTER (WHERE amount_pence * 6 < 100000 * 5) AS under_1000,
    count(*) FILTER (WHERE amount_pence * 6 < 500000 * 5) AS under_5000,
    count(*) FILTER (WHERE amount_pence * 6 < 1000000 * 5) AS under_10000,
    count(*) FILTER (WHERE amount_pence * 6 < 2500000 * 5) AS under_25000
FROM paid
WHERE amount_pence > 0 AND month <> ''
GROUP BY publisher, month
ORDER BY publisher, month
