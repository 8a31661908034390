-- One row per supplier: what registers say of it that does not depend on the year. NULL is not known.
-- Input: companies, charities, slavery_statements, emission_factors (as registers print them, all text, see declare).
WITH
-- Days are printed as 31/03/2023.
entered AS (
    SELECT
        *,
        TRY_CAST(
            regexp_extract(made_up, '^\s*(\d{1,2})/(\d{1,2})/(\d{4})', 3) || '-'
            || regexp_extract(made_up, '^\s*(\d{1,2})/(\d{1,2})/(\d{4})', 2) || '-'
            || regexp_extract(made_up, '^\s*(\d{1,2})/(\d{1,2})/(\d{4})', 1) AS DATE
        ) AS made_up_on
    FROM companies
),
-- One row a number: where two editions of a register are at hand, the one with the newer accounts speaks.
firms AS (
    SELECT
        supplier_id, upper(name) AS name, upper(category) AS category, upper(accounts) AS accounts,
        made_up_on AS made_up, sic,
        left(regexp_extract(sic, '^\s*(\d{4,5})', 1), length(regexp_extract(sic, '^\s*(\d{4,5})', 1)) - 3) AS sic_start,
        replace(upper(postcode), ' ', '') AS postcode_key
    FROM (
        SELECT
            *,
            row_number() OVER (
                PARTITION BY supplier_id ORDER BY made_up_on DESC NULLS LAST, category, accounts, sic, name, postcode
            ) AS edition
        FROM entered
    )
    WHERE edition = 1
),
givers AS (
    SELECT
        supplier_id, upper(name) AS name, TRY_CAST(income AS DECIMAL(30, 6)) AS income,
        replace(upper(postcode), ' ', '') AS postcode_key
    FROM (
        SELECT
            *,
            row_number() OVER (
                PARTITION BY supplier_id ORDER BY TRY_CAST(income AS DECIMAL(30, 6)) DESC NULLS LAST, name, postcode
            ) AS edition
        FROM charities
    )
    WHERE edition = 1
),
-- A company whose number a charity register prints is that charity.
charitable AS (
    SELECT DISTINCT 'GB-COH-' || lpad(trim(company_number), 8, '0') AS supplier_id FROM charities
    WHERE trim(company_number) NOT IN ('', '0')
),
known AS (
    SELECT supplier_id FROM firms UNION SELECT supplier_id FROM givers UNION SELECT supplier_id FROM charitable
    UNION SELECT supplier_id FROM paid_suppliers
),
joined AS (
    SELECT
        k.supplier_id, coalesce(f.name, g.name, '') AS name, f.category, f.accounts, f.made_up, g.income,
        coalesce(f.postcode_key, g.postcode_key, '') AS postcode_key,
        CASE WHEN f.sic_start IS NOT NULL AND f.sic_start <> '' THEN CAST(f.sic_start AS INT) END AS sic_division,
        c.supplier_id IS NOT NULL AS is_charitable,
        regexp_extract(k.supplier_id, '^GB-COH-([A-Z]{2})', 1) AS mark,
        f.supplier_id IS NOT NULL AS is_firm
    FROM known AS k
    LEFT JOIN firms AS f USING (supplier_id)
    LEFT JOIN givers AS g USING (supplier_id)
    LEFT JOIN charitable AS c USING (supplier_id)
),
formed AS (
    SELECT
        *,
        (is_charitable OR mark IN ('CE', 'CS') OR regexp_matches(supplier_id, '^GB-(CHC|SC|NIC)-')
            OR category LIKE 'COMMUNITY INTEREST%' OR category LIKE '%CHARITABLE INCORPORATED%') IS TRUE AS is_social,
        (category LIKE 'COMMUNITY INTEREST%' OR category LIKE '%REGISTERED SOCIETY%'
            OR category LIKE '%INDUSTRIAL%PROVIDENT%' OR mark IN ('RS', 'IP', 'SP', 'NP')
            OR supplier_id LIKE 'GB-MPR-%') IS TRUE AS is_member_owned,
        (category IN ('PRIVATE LIMITED COMPANY', 'PUBLIC LIMITED COMPANY', 'LIMITED PARTNERSHIP',
            'LIMITED LIABILITY PARTNERSHIP', 'OVERSEA COMPANY', 'OVERSEAS ENTITY')
            OR mark IN ('OC', 'SO', 'NC', 'LP', 'SL', 'FC', 'SF', 'NF')) IS TRUE AS is_for_owners
    FROM joined
)
SELECT
    supplier_id, name, made_up, postcode_key, sic_division,
    -- What a company files is a witness on one side only: anybody may file fuller accounts than they must.
    CASE
        WHEN category = 'PUBLIC LIMITED COMPANY' THEN NULL
        WHEN accounts = 'MICRO ENTITY' THEN TRUE
        WHEN accounts IN ('SMALL', 'TOTAL EXEMPTION FULL', 'TOTAL EXEMPTION SMALL', 'UNAUDITED ABRIDGED',
            'AUDITED ABRIDGED', 'PARTIAL EXEMPTION') AND sic_division NOT IN (78, 80, 81, 87, 88) THEN TRUE
    END AS accounts_say_sme,
    CASE WHEN income <= 1000000 THEN TRUE END AS charity_says_sme,
    CASE WHEN is_social THEN TRUE WHEN is_member_owned THEN NULL WHEN is_for_owners THEN FALSE END AS is_vcse,
    CASE
        WHEN is_social AND (sic_division = 85 OR regexp_matches(
            name, '\b(UNIVERSIT|SCHOOL|ACADEM|COLLEGE|HOUSING|NHS|HOSPITAL|COUNCIL)')) THEN FALSE
        WHEN is_social THEN TRUE
        WHEN is_member_owned THEN NULL
        WHEN is_for_owners THEN FALSE
    END AS is_vcse_narrow,
    CASE
        WHEN is_member_owned THEN TRUE
        WHEN regexp_matches(name, '\bCO.?OP') THEN NULL
        WHEN is_for_owners OR is_social THEN FALSE
    END AS is_social_form,
    supplier_id IN (SELECT supplier_id FROM slavery_statements) OR NULL AS has_slavery_statement
FROM formed
