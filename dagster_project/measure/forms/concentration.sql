-- How unevenly the spending with suppliers is spread: the share of the ten largest, and the sum of squared shares.
-- Least concentrated: each name is a payee of its own; withheld pounds are spread over endlessly many, or belong to
-- none of the ten. Most concentrated: withheld pounds, and for the squares names tied to no legal body, are the
-- largest payee's; or withheld pounds belong to the ten.
-- Input: payee_years.
WITH ranked AS (
    SELECT
        publisher,
        period,
        CAST(net_pence AS HUGEINT) AS v,
        in_scope,
        supplier_id <> '' AS is_linked,
        row_number() OVER (
            PARTITION BY publisher, period, in_scope IS NULL ORDER BY net_pence DESC, payee_unit, payee_class
        ) AS place
    FROM payee_years
    WHERE net_pence > 0 AND in_scope IS NOT FALSE
)
SELECT
    publisher,
    period,
    coalesce(sum(v) FILTER (WHERE in_scope AND place <= 10), 0) AS top_ten,
    coalesce(sum(v) FILTER (WHERE in_scope IS NULL), 0) AS withheld,
    sum(v) AS base,
    coalesce(sum(v * v) FILTER (WHERE in_scope), 0) AS named_squares,
    coalesce(sum(v * v) FILTER (WHERE in_scope AND is_linked AND place > 1), 0) AS other_linked_squares,
    coalesce(sum(v) FILTER (WHERE in_scope AND NOT is_linked AND place > 1), 0) AS other_unlinked,
    coalesce(max(v) FILTER (WHERE in_scope AND place = 1), 0) AS largest,
    sum(v * v) AS squares
FROM ranked
GROUP BY ALL
