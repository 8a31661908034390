-- One row per body and financial year: pence and payments published, months served.
-- Input: payments (enriched).
SELECT
    publisher,
    period,
    CAST(sum(amount_pence) AS BIGINT) AS pence,
    count(*) AS payments,
    count(DISTINCT month) AS months
FROM payments
WHERE dataset_kind = 'payments' AND period <> ''
GROUP BY ALL
