-- One row per body, financial year and payee: net pence, whether it is in scope, where it is.
-- A payee is the legal body where one was found, else the name as published; its answers hold for all its payments of
-- the year: where its lines disagree about its area, the area is not known.
-- Input: payments (enriched), classes (payee_class, in_scope), areas (publisher, lad_code: every district it serves).
SELECT
    p.publisher,
    p.period,
    CASE WHEN p.supplier_id <> '' THEN p.supplier_id ELSE p.payee_class || '|' || lower(trim(p.payee)) END AS payee_unit,
    p.payee_class,
    c.in_scope,
    CAST(sum(p.amount_pence) AS BIGINT) AS net_pence,
    CASE
        WHEN NOT bool_or(p.payee_lad_code <> '') THEN NULL
        WHEN bool_and(p.payee_lad_code = '' OR a.lad_code IS NOT NULL) THEN TRUE
        WHEN bool_and(p.payee_lad_code = '' OR a.lad_code IS NULL) THEN FALSE
        ELSE NULL
    END AS is_in_area
FROM payments AS p
JOIN classes AS c USING (payee_class)
LEFT JOIN areas AS a ON a.publisher = p.publisher AND a.lad_code = p.payee_lad_code
WHERE p.dataset_kind = 'payments' AND p.period <> ''
GROUP BY ALL
