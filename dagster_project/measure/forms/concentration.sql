-- How much the ten payees paid most get, of everything in scope.
-- At least: each name is a payee of its own and withheld names belong to none of the ten.
-- At most: every withheld pound belongs to one of the ten.
-- Input: payee_years.
WITH ranked AS (
    SELECT
        publisher,
        period,
        net_pence,
        in_scope,
        row_number() OVER (
            PARTITION BY publisher, period, in_scope IS NULL ORDER BY net_pence DESC, payee_unit
        ) AS place
    FROM payee_years
    WHERE net_pence > 0 AND in_scope IS NOT FALSE
)
SELECT
    publisher,
    period,
    CAST(sum(net_pence) FILTER (WHERE in_scope AND place <= 10) AS BIGINT) AS yes,
    CAST(sum(net_pence) FILTER (WHERE in_scope IS NULL) AS BIGINT) AS unknown,
    CAST(sum(net_pence) AS BIGINT) AS base
FROM ranked
GROUP BY ALL
