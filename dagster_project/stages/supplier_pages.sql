-- What pages of suppliers are printed from. Input: the tables of measure/suppliers.sql, `suppliers` with its numbers,
-- months_served, and payments_in_place: payments with `file_row_number`, where each lies among its body's.

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
whole AS (SELECT publisher, period, count(DISTINCT month) = 12 AS is_whole FROM months_served WHERE period <> '' GROUP BY ALL),
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
      FROM payments_in_place WHERE period <> '')
WHERE place <= $shown;

-- The largest payments to each supplier that has a page.
CREATE OR REPLACE TABLE supplier_largest AS
SELECT part, supplier_id, publisher, payment_id, date, month, period, amount_pence, department, purpose,
       file_id || ':' || "table" || ':' || record AS line_id, s.payment_id IS NOT NULL AS is_shown
FROM (
  SELECT p.*, part, supplier_id
  FROM payments_in_place AS p JOIN named USING (publisher, payee_key) JOIN paged USING (supplier_id, dataset_kind)
  QUALIFY row_number() OVER (PARTITION BY supplier_id ORDER BY p.amount_pence DESC, payment_id) <= $largest
) AS p LEFT JOIN shown AS s USING (publisher, payment_id);

-- Every payment to a supplier whose payments the portal carries as a file, part by part.
CREATE OR REPLACE TABLE paid AS
SELECT part, supplier_id, p.publisher, payment_id, p.dataset_kind, date, month, period, p.payee, p.amount_pence, department, purpose,
       category, reference, file_id, "table", record, method, confidence
FROM payments_in_place AS p JOIN named USING (publisher, payee_key) JOIN carried USING (supplier_id) JOIN paged USING (supplier_id)
ORDER BY part, supplier_id, publisher, month, date, payment_id;
