-- Who was paid, over all bodies. Input: payees and payments of all bodies, keys (payee, payee_class, id: what stands for
-- a name that no register entry was tied to), bodies, aliases and postcodes of the registers, coverage.
-- People, withheld names and lines without a name are nobody's: they are counted beside, in `left_out`.

CREATE OR REPLACE TABLE withheld AS
SELECT DISTINCT publisher, payee_key FROM payments WHERE is_redacted;

CREATE OR REPLACE TABLE named AS
SELECT publisher, payee_key, payee, payee_class, kind, match AS outcome, payee_lad_code, payee_lad_source, payments, amount_pence,
       candidate_id, registered_name AS candidate_name, evidence, method, coalesce(confidence, 0) AS confidence,
       CASE WHEN supplier_id <> '' THEN supplier_id ELSE keys.id END AS supplier_id
FROM payees JOIN keys USING (payee, payee_class)
WHERE payee_class NOT IN ('individual', 'redacted', 'unreadable')
  AND (publisher, payee_key) NOT IN (SELECT (publisher, payee_key) FROM withheld);

CREATE OR REPLACE TABLE left_out AS
SELECT count(*) AS payments, coalesce(sum(amount_pence), 0)::BIGINT AS amount_pence
FROM payments ANTI JOIN named USING (publisher, payee_key);

CREATE OR REPLACE TABLE supplier_payments_by_body AS
SELECT supplier_id, publisher, CASE WHEN period = '' THEN 'undated' ELSE period END AS period, dataset_kind, department,
       count(*) AS payments, sum(p.amount_pence)::BIGINT AS amount_pence,
       coalesce(min(nullif(month, '')), '') AS first_month, coalesce(max(nullif(month, '')), '') AS last_month
FROM payments AS p JOIN named USING (publisher, payee_key)
GROUP BY ALL;

-- One name may stand beside several postcodes and numbers: what most of its payments say of it is said of the name.
CREATE OR REPLACE TABLE supplier_names AS
SELECT supplier_id, publisher, payee, first.payee_class, first.outcome, first.candidate_id, first.candidate_name, first.method,
       CASE WHEN first.candidate_id = '' THEN NULL ELSE least END AS confidence, first.evidence, payments, amount_pence
FROM (
  SELECT supplier_id, publisher, payee, sum(payments)::BIGINT AS payments, sum(amount_pence)::BIGINT AS amount_pence,
         arg_max({'payee_class': payee_class, 'outcome': outcome, 'candidate_id': candidate_id, 'candidate_name': candidate_name,
                  'method': method, 'evidence': evidence},
                 {'payments': payments, 'key': payee_key}) AS first,
         min(confidence) AS least
  FROM named GROUP BY ALL
);

CREATE OR REPLACE TABLE sums AS
SELECT supplier_id, count(DISTINCT publisher) AS bodies,
       coalesce(sum(payments) FILTER (dataset_kind = 'payments'), 0)::BIGINT AS payments,
       coalesce(sum(amount_pence) FILTER (dataset_kind = 'payments'), 0)::BIGINT AS amount_pence,
       coalesce(sum(payments) FILTER (dataset_kind = 'cards'), 0)::BIGINT AS card_payments,
       coalesce(sum(amount_pence) FILTER (dataset_kind = 'cards'), 0)::BIGINT AS card_amount_pence,
       coalesce(min(nullif(first_month, '')), '') AS first_month, coalesce(max(nullif(last_month, '')), '') AS last_month
FROM supplier_payments_by_body GROUP BY supplier_id;

CREATE OR REPLACE TABLE best_year AS
SELECT supplier_id, max(amount_pence) AS amount_pence
FROM (SELECT supplier_id, period, dataset_kind, sum(amount_pence) AS amount_pence
      FROM supplier_payments_by_body WHERE period <> 'undated' GROUP BY ALL)
GROUP BY supplier_id;

-- What its names say together. Weights are whole pence and thousandths, so that no sum depends on its order.
CREATE OR REPLACE TABLE told AS
SELECT supplier_id, arg_max(payee, {'payments': payments, 'payee': payee}) AS spelling,
       arg_max(candidate_name, {'payments': payments, 'name': candidate_name}) AS candidate_name,
       (sum(weight * round(confidence * 1000)::BIGINT) // sum(weight))::BIGINT AS thousandths,
       bool_or(method = 'decision') AS is_reviewed,
       CASE WHEN bool_or(outcome = 'accepted') THEN 'accepted' WHEN bool_or(outcome = 'review') THEN 'review' ELSE 'none' END AS outcome,
       CASE WHEN count(DISTINCT nullif(payee_lad_code, '')) = 1 THEN max(payee_lad_code) ELSE '' END AS payee_lad_code,
       CASE WHEN count(DISTINCT nullif(payee_lad_code, '')) = 1 THEN max(payee_lad_source) ELSE '' END AS payee_lad_source
FROM (SELECT *, greatest(abs(amount_pence), 1)::HUGEINT AS weight FROM named) GROUP BY supplier_id;

CREATE OR REPLACE TABLE classed AS
SELECT supplier_id, arg_max(payee_class, {'payments': payments, 'payee_class': payee_class}) AS payee_class
FROM (SELECT supplier_id, payee_class, sum(payments) AS payments FROM named GROUP BY ALL) GROUP BY supplier_id;

CREATE OR REPLACE TABLE kinds AS
SELECT supplier_id, arg_max(kind, {'payments': payments, 'kind': kind}) AS kind
FROM (SELECT supplier_id, kind, sum(payments) AS payments FROM named GROUP BY ALL) GROUP BY supplier_id;

CREATE OR REPLACE TABLE methods AS
SELECT supplier_id, arg_max(method, {'pence': pence, 'method': method}) AS method
FROM (SELECT supplier_id, method, sum(abs(amount_pence)) AS pence FROM named WHERE outcome = 'accepted' GROUP BY ALL) GROUP BY supplier_id;

CREATE OR REPLACE TABLE registered AS
SELECT id AS supplier_id, arg_min({'name': name, 'status': status, 'start': start, 'postcode': postcode}, body) AS entry
FROM bodies SEMI JOIN sums ON bodies.id = sums.supplier_id GROUP BY id;

CREATE OR REPLACE TABLE ids AS
SELECT supplier_id, string_agg(id, '|' ORDER BY id) FILTER (id <> supplier_id) AS other_ids,
       string_agg(id[8:], '|' ORDER BY id) FILTER (id LIKE 'GB-COH-%') AS company_number,
       string_agg(regexp_replace(id, '^GB-[A-Z]+-', ''), '|' ORDER BY id) FILTER (regexp_matches(id, '^GB-(CHC|SC|NIC)-')) AS charity_number
FROM (
  SELECT supplier_id, supplier_id AS id FROM sums WHERE supplier_id NOT LIKE 'name-%'
  UNION SELECT id, other FROM aliases
  UNION SELECT id, unnest(string_split(same_as, '|')) FROM bodies WHERE same_as <> ''
) SEMI JOIN sums USING (supplier_id) WHERE id <> '' GROUP BY supplier_id;

-- Who could have a page, and among them those paid most for which the portal has room.
CREATE OR REPLACE TABLE could_have_page AS
SELECT supplier_id, row_number() OVER (ORDER BY greatest(s.amount_pence, s.card_amount_pence) DESC, supplier_id) AS place
FROM sums AS s JOIN told AS t USING (supplier_id) LEFT JOIN best_year AS y USING (supplier_id)
WHERE t.outcome = 'accepted' AND (s.bodies >= $bodies OR coalesce(y.amount_pence, 0) >= $pence);

CREATE OR REPLACE TABLE suppliers AS
SELECT s.supplier_id, coalesce(nullif(r.entry.name, ''), CASE WHEN t.outcome = 'accepted' THEN nullif(t.candidate_name, '') END, t.spelling) AS name,
       t.outcome, kinds.kind, classed.payee_class,
       coalesce(ids.company_number, '') AS company_number, coalesce(ids.charity_number, '') AS charity_number,
       coalesce(ids.other_ids, '') AS other_ids,
       coalesce(r.entry.status, '') AS register_status, coalesce(r.entry.start, '') AS registered_since,
       coalesce(regexp_extract(r.entry.postcode, '^[A-Z]+'), '') AS postcode_area,
       coalesce(p.lad_code, t.payee_lad_code) AS lad_code,
       CASE WHEN p.lad_code IS NOT NULL THEN 'register' ELSE t.payee_lad_source END AS lad_source,
       s.bodies, s.payments, s.amount_pence, s.card_payments, s.card_amount_pence, s.first_month, s.last_month,
       coalesce(methods.method, '') AS method, CASE WHEN t.outcome = 'accepted' THEN t.thousandths / 1000 END AS confidence, t.is_reviewed,
       coalesce(c.place <= $pages, false) AS has_page
FROM sums AS s JOIN told AS t USING (supplier_id) JOIN classed USING (supplier_id) JOIN kinds USING (supplier_id)
LEFT JOIN methods USING (supplier_id) LEFT JOIN could_have_page AS c USING (supplier_id) LEFT JOIN registered AS r USING (supplier_id)
LEFT JOIN ids USING (supplier_id) LEFT JOIN postcodes AS p ON p.postcode_key = r.entry.postcode AND r.entry.postcode <> '';

-- Pages are printed in parts that do not depend on who else is there. A page is of payments, or of cards where there are none.
CREATE OR REPLACE TABLE paged AS
SELECT supplier_id, printf('%02d', ('0x' || left(md5(supplier_id), 2))::INT // 8) AS part,
       CASE WHEN payments > 0 THEN 'payments' ELSE 'cards' END AS dataset_kind
FROM suppliers WHERE has_page;

-- Whose payments the portal carries as a file: those paid most, as far as the room reaches. Large files are packed.
CREATE OR REPLACE TABLE carried AS
SELECT supplier_id
FROM (
  SELECT supplier_id, sum(size) OVER (ORDER BY pence DESC, supplier_id ROWS UNBOUNDED PRECEDING) AS filled
  FROM (
    SELECT supplier_id, greatest(amount_pence, card_amount_pence) AS pence, (payments + card_payments) * $row AS plain,
           CASE WHEN plain > $plain THEN plain // $packing ELSE plain END AS size
    FROM suppliers SEMI JOIN paged USING (supplier_id)
  )
)
WHERE filled <= $files;

-- What a page says, from sums alone.
CREATE OR REPLACE TABLE on_pages AS
SELECT * FROM supplier_payments_by_body SEMI JOIN paged USING (supplier_id, dataset_kind);

CREATE OR REPLACE TABLE supplier_bodies AS
SELECT part, supplier_id, publisher, sum(payments)::BIGINT AS payments, sum(pence)::BIGINT AS pence,
       coalesce(min(nullif(first_month, '')), '') AS first, coalesce(max(nullif(last_month, '')), '') AS last,
       coalesce(arg_max(department, {'pence': pence, 'department': department}) FILTER (department <> ''), '') AS mostly,
       count(*) OVER (PARTITION BY supplier_id) AS payers, min(sum(pence)) OVER (PARTITION BY supplier_id)::BIGINT AS least_pence
FROM (
  SELECT supplier_id, publisher, department, sum(payments) AS payments, sum(amount_pence) AS pence,
         min(nullif(first_month, '')) AS first_month, max(nullif(last_month, '')) AS last_month
  FROM on_pages GROUP BY ALL
) JOIN paged USING (supplier_id) GROUP BY part, supplier_id, publisher
QUALIFY row_number() OVER (PARTITION BY supplier_id ORDER BY sum(pence) DESC, publisher) <= $payers;

-- Spellings over all bodies, each with how it was tied; how sure that is, the pages say.
CREATE OR REPLACE TABLE supplier_spellings AS
SELECT part, supplier_id, payee, method, coalesce(confidence, 0) AS confidence,
       arg_max(evidence, {'payments': payments, 'publisher': publisher}) AS evidence,
       sum(payments)::BIGINT AS payments, sum(abs(amount_pence))::BIGINT AS weight_pence
FROM supplier_names JOIN paged USING (supplier_id) GROUP BY part, supplier_id, payee, method, coalesce(confidence, 0);

CREATE OR REPLACE TABLE supplier_services AS
SELECT part, supplier_id, publisher, department, sum(payments)::BIGINT AS payments, sum(amount_pence)::BIGINT AS pence
FROM on_pages JOIN paged USING (supplier_id) WHERE department <> '' GROUP BY part, supplier_id, publisher, department
QUALIFY row_number() OVER (PARTITION BY supplier_id ORDER BY pence DESC, publisher, department) <= $services;

-- Years of a supplier: how many bodies ever paid it, and how many of those have all twelve months of that year here.
CREATE OR REPLACE TABLE supplier_years AS
WITH
whole AS (SELECT publisher, period, count(DISTINCT month) = 12 AS is_whole FROM coverage WHERE period <> '' GROUP BY ALL),
payers AS (SELECT DISTINCT supplier_id, publisher FROM supplier_payments_by_body SEMI JOIN paged USING (supplier_id)),
years AS (
  SELECT supplier_id, period, sum(payments)::BIGINT AS payments, sum(amount_pence)::BIGINT AS pence
  FROM on_pages WHERE period <> 'undated' GROUP BY ALL
)
SELECT part, supplier_id, period, payments, pence, count(*) AS bodies, count(*) FILTER (is_whole) AS whole,
       count(*) FILTER (is_whole IS NULL) AS silent
FROM years JOIN payers USING (supplier_id) LEFT JOIN whole USING (publisher, period) JOIN paged USING (supplier_id) GROUP BY ALL;

-- Payments that the page of a body's year shows: its largest, in the order in which they lie.
CREATE OR REPLACE TABLE shown AS
SELECT publisher, payment_id
FROM (SELECT publisher, payment_id, row_number() OVER (PARTITION BY publisher, period ORDER BY amount_pence DESC, file_row_number) AS place
      FROM payments WHERE period <> '')
WHERE place <= $shown;

-- The largest payments to each supplier that has a page.
CREATE OR REPLACE TABLE supplier_largest AS
SELECT part, supplier_id, publisher, payment_id, date, month, period, amount_pence, department, purpose,
       file_id || ':' || "table" || ':' || record AS line_id, s.payment_id IS NOT NULL AS is_shown
FROM (
  SELECT p.*, part, supplier_id
  FROM payments AS p JOIN named USING (publisher, payee_key) JOIN paged USING (supplier_id, dataset_kind)
  QUALIFY row_number() OVER (PARTITION BY supplier_id ORDER BY p.amount_pence DESC, payment_id) <= $largest
) AS p LEFT JOIN shown AS s USING (publisher, payment_id);

-- Every payment to a supplier whose payments the portal carries as a file, part by part.
CREATE OR REPLACE TABLE paid AS
SELECT part, supplier_id, p.publisher, payment_id, p.dataset_kind, date, month, period, p.payee, p.amount_pence, department, purpose,
       category, reference, file_id, "table", record, method, confidence
FROM payments AS p JOIN named USING (publisher, payee_key) JOIN carried USING (supplier_id) JOIN paged USING (supplier_id)
ORDER BY part, supplier_id, publisher, month, date, payment_id;
