-- Who was paid, over all bodies. Input: payees and payments of all bodies, keys (payee, payee_class, id: what stands for
-- a name that no register entry was tied to), bodies, aliases and postcodes of the registers, limits (bodies, pence, pages).
-- People, withheld names and lines without a name are nobody's: they are counted beside, in `left_out`.

CREATE OR REPLACE TABLE withheld AS
SELECT DISTINCT publisher, payee_key FROM payments WHERE is_redacted;

CREATE OR REPLACE TABLE named AS
SELECT
    p.publisher, p.payee_key, p.payee, p.payee_class, p.kind, p.match AS outcome, p.payee_lad_code, p.payee_lad_source,
    p.payments, p.amount_pence, p.candidate_id, p.registered_name AS candidate_name, p.evidence, p.method,
    coalesce(p.confidence, 0) AS confidence,
    CASE WHEN p.supplier_id <> '' THEN p.supplier_id ELSE k.id END AS supplier_id
FROM payees AS p
JOIN keys AS k ON k.payee = p.payee AND k.payee_class = p.payee_class
LEFT JOIN withheld AS w ON w.publisher = p.publisher AND w.payee_key = p.payee_key
WHERE p.payee_class NOT IN ('individual', 'redacted', 'unreadable') AND w.publisher IS NULL;

CREATE OR REPLACE TABLE left_out AS
SELECT count(*) AS payments, CAST(coalesce(sum(p.amount_pence), 0) AS BIGINT) AS amount_pence
FROM payments AS p
LEFT JOIN (SELECT DISTINCT publisher, payee_key FROM named) AS n ON n.publisher = p.publisher AND n.payee_key = p.payee_key
WHERE n.publisher IS NULL;

CREATE OR REPLACE TABLE supplier_payments_by_body AS
SELECT
    n.supplier_id, p.publisher, CASE WHEN p.period = '' THEN 'undated' ELSE p.period END AS period, p.dataset_kind, p.department,
    count(*) AS payments, CAST(sum(p.amount_pence) AS BIGINT) AS amount_pence,
    coalesce(min(nullif(p.month, '')), '') AS first_month, coalesce(max(nullif(p.month, '')), '') AS last_month
FROM payments AS p JOIN named AS n ON n.publisher = p.publisher AND n.payee_key = p.payee_key
GROUP BY n.supplier_id, p.publisher, CASE WHEN p.period = '' THEN 'undated' ELSE p.period END, p.dataset_kind, p.department;

-- One name may stand beside several postcodes and numbers: what most of its payments say of it is said of the name.
CREATE OR REPLACE TABLE supplier_names AS
WITH summed AS (
    SELECT
        supplier_id, publisher, payee, CAST(sum(payments) AS BIGINT) AS payments,
        CAST(sum(amount_pence) AS BIGINT) AS amount_pence, min(confidence) AS least
    FROM named GROUP BY supplier_id, publisher, payee
),
placed AS (
    SELECT *, row_number() OVER (PARTITION BY supplier_id, publisher, payee ORDER BY payments DESC, payee_key DESC) AS place
    FROM named
)
SELECT
    s.supplier_id, s.publisher, s.payee, p.payee_class, p.outcome, p.candidate_id, p.candidate_name, p.method,
    CASE WHEN p.candidate_id <> '' THEN s.least END AS confidence, p.evidence, s.payments, s.amount_pence
FROM summed AS s
JOIN placed AS p ON p.supplier_id = s.supplier_id AND p.publisher = s.publisher AND p.payee = s.payee
WHERE p.place = 1;

CREATE OR REPLACE TABLE sums AS
SELECT
    supplier_id, count(DISTINCT publisher) AS bodies,
    CAST(coalesce(sum(payments) FILTER (WHERE dataset_kind = 'payments'), 0) AS BIGINT) AS payments,
    CAST(coalesce(sum(amount_pence) FILTER (WHERE dataset_kind = 'payments'), 0) AS BIGINT) AS amount_pence,
    CAST(coalesce(sum(payments) FILTER (WHERE dataset_kind = 'cards'), 0) AS BIGINT) AS card_payments,
    CAST(coalesce(sum(amount_pence) FILTER (WHERE dataset_kind = 'cards'), 0) AS BIGINT) AS card_amount_pence,
    coalesce(min(nullif(first_month, '')), '') AS first_month, coalesce(max(nullif(last_month, '')), '') AS last_month
FROM supplier_payments_by_body GROUP BY supplier_id;

CREATE OR REPLACE TABLE best_year AS
SELECT supplier_id, max(amount_pence) AS amount_pence
FROM (
    SELECT supplier_id, period, dataset_kind, CAST(sum(amount_pence) AS BIGINT) AS amount_pence
    FROM supplier_payments_by_body WHERE period <> 'undated' GROUP BY supplier_id, period, dataset_kind
)
GROUP BY supplier_id;

-- What its names say together. Confidences are weighed by whole pence, in thousandths, so that no sum depends on its order;
-- the division is left to who reads, since no two engines divide numbers of this size alike.
CREATE OR REPLACE TABLE told AS
SELECT
    supplier_id, arg_max(payee, (payments, payee)) AS spelling, arg_max(candidate_name, (payments, candidate_name)) AS candidate_name,
    CAST(sum(weight * CAST(round(confidence * 1000) AS BIGINT)) AS VARCHAR) AS weighed, CAST(sum(weight) AS VARCHAR) AS weight,
    bool_or(method = 'decision') AS is_reviewed,
    CASE WHEN bool_or(outcome = 'accepted') THEN 'accepted' WHEN bool_or(outcome = 'review') THEN 'review' ELSE 'none' END AS outcome,
    CASE WHEN count(DISTINCT nullif(payee_lad_code, '')) = 1 THEN max(payee_lad_code) ELSE '' END AS payee_lad_code,
    CASE WHEN count(DISTINCT nullif(payee_lad_code, '')) = 1 THEN max(payee_lad_source) ELSE '' END AS payee_lad_source
FROM (SELECT *, CAST(greatest(abs(amount_pence), 1) AS HUGEINT) AS weight FROM named)
GROUP BY supplier_id;

CREATE OR REPLACE TABLE classed AS
SELECT supplier_id, arg_max(payee_class, (payments, payee_class)) AS payee_class
FROM (SELECT supplier_id, payee_class, CAST(sum(payments) AS BIGINT) AS payments FROM named GROUP BY supplier_id, payee_class)
GROUP BY supplier_id;

CREATE OR REPLACE TABLE kinds AS
SELECT supplier_id, arg_max(kind, (payments, kind)) AS kind
FROM (SELECT supplier_id, kind, CAST(sum(payments) AS BIGINT) AS payments FROM named GROUP BY supplier_id, kind)
GROUP BY supplier_id;

CREATE OR REPLACE TABLE methods AS
SELECT supplier_id, arg_max(method, (pence, method)) AS method
FROM (
    SELECT supplier_id, method, CAST(sum(abs(amount_pence)) AS BIGINT) AS pence
    FROM named WHERE outcome = 'accepted' GROUP BY supplier_id, method
)
GROUP BY supplier_id;

CREATE OR REPLACE TABLE registered AS
SELECT supplier_id, name, status, start, postcode
FROM (
    SELECT s.supplier_id, b.name, b.status, b.start, b.postcode, row_number() OVER (PARTITION BY b.id ORDER BY b.body) AS place
    FROM bodies AS b JOIN sums AS s ON s.supplier_id = b.id
)
WHERE place = 1;

-- Its other ids, as registers state them: several in one text have `|` between them.
CREATE OR REPLACE TABLE stated_ids AS
SELECT s.supplier_id, o.ids
FROM sums AS s
JOIN (
    SELECT id, other AS ids FROM aliases
    UNION
    SELECT id, same_as AS ids FROM bodies WHERE same_as <> ''
) AS o ON o.id = s.supplier_id;

-- Who could have a page, those paid most first.
CREATE OR REPLACE TABLE could_have_page AS
SELECT
    s.supplier_id,
    row_number() OVER (ORDER BY greatest(s.amount_pence, s.card_amount_pence) DESC, s.supplier_id) AS place
FROM sums AS s
CROSS JOIN limits AS l
JOIN told AS t ON t.supplier_id = s.supplier_id
LEFT JOIN best_year AS y ON y.supplier_id = s.supplier_id
WHERE t.outcome = 'accepted' AND (s.bodies >= l.bodies OR coalesce(y.amount_pence, 0) >= l.pence);

CREATE OR REPLACE TABLE suppliers AS
SELECT
    s.supplier_id,
    coalesce(nullif(r.name, ''), CASE WHEN t.outcome = 'accepted' THEN nullif(t.candidate_name, '') END, t.spelling) AS name,
    t.outcome, k.kind, c.payee_class, coalesce(r.status, '') AS register_status, coalesce(r.start, '') AS registered_since,
    coalesce(regexp_extract(r.postcode, '^([A-Z]+)', 1), '') AS postcode_area, coalesce(p.lad_code, t.payee_lad_code) AS lad_code,
    CASE WHEN p.lad_code IS NOT NULL THEN 'register' ELSE t.payee_lad_source END AS lad_source,
    s.bodies, s.payments, s.amount_pence, s.card_payments, s.card_amount_pence, s.first_month, s.last_month,
    coalesce(m.method, '') AS method, t.weighed, t.weight, t.is_reviewed,
    coalesce(h.place <= l.pages, FALSE) AS has_page
FROM sums AS s
CROSS JOIN limits AS l
JOIN told AS t ON t.supplier_id = s.supplier_id
JOIN classed AS c ON c.supplier_id = s.supplier_id
JOIN kinds AS k ON k.supplier_id = s.supplier_id
LEFT JOIN methods AS m ON m.supplier_id = s.supplier_id
LEFT JOIN could_have_page AS h ON h.supplier_id = s.supplier_id
LEFT JOIN registered AS r ON r.supplier_id = s.supplier_id
LEFT JOIN postcodes AS p ON p.postcode_key = r.postcode AND r.postcode <> '';
