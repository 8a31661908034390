-- One row per body, financial year and payee: net pence, whether it is in scope, and what is known about the payee.
-- A payee is the legal body where one was found, else the name as published; its answers hold for all its payments of
-- the year: where its lines disagree about its area, the area is not known. NULL is not known, everywhere.
-- Input: paid_at_hand (payments of the year of some bodies, see knowing.know_payees), classes, areas (districts that each body serves), wider (districts that are more than a body's area), regions (of
-- bodies), places (region of each district), near (districts near each body), links (how sure they are), facts (about suppliers, see facts.sql),
-- and the tables of knowing.sql.
WITH
-- Lines that say the same are one, so that the joins below see few rows.
said AS (
    SELECT
        publisher, period, payee_class, supplier_id, payee_lad_code, payee_postcode,
        CASE WHEN supplier_id <> '' THEN supplier_id ELSE payee_class || '|' || lower(trim(payee)) END AS payee_unit,
        payee_lad_source = 'register' AS is_registered_address,
        CAST(sum(amount_pence) AS BIGINT) AS pence
    FROM paid_at_hand
    GROUP BY ALL
),
placed AS (
    SELECT
        s.*,
        CASE WHEN s.payee_lad_code = '' OR w.lad_code IS NOT NULL THEN NULL ELSE a.lad_code IS NOT NULL END AS here,
        CASE WHEN s.payee_lad_code = '' THEN NULL ELSE n.lad_code IS NOT NULL END AS near,
        p.region = r.region AS same_region,
        d.is_deprived,
        -- How likely the link is wrong, in ten-thousandths: measured by the matcher, and never taken for less than one
        -- in two hundred unless it is certain; one in fifty where nobody measured it. See D-014.
        CASE
            WHEN s.supplier_id = '' THEN 0
            WHEN l.confidence IS NULL THEN 200
            WHEN l.confidence >= 1 THEN 0
            ELSE greatest(50, CAST(round(10000 * (1 - l.confidence)) AS INT))
        END AS doubt
    FROM said AS s
    LEFT JOIN areas AS a ON a.publisher = s.publisher AND a.lad_code = s.payee_lad_code
    LEFT JOIN wider AS w ON w.publisher = s.publisher AND w.lad_code = s.payee_lad_code
    LEFT JOIN near AS n ON n.publisher = s.publisher AND n.lad_code = s.payee_lad_code
    LEFT JOIN places AS p ON p.lad_code = s.payee_lad_code
    LEFT JOIN regions AS r ON r.publisher = s.publisher
    LEFT JOIN (
        SELECT publisher, supplier_id, min(confidence) AS confidence FROM links GROUP BY ALL
    ) AS l ON l.publisher = s.publisher AND l.supplier_id = s.supplier_id
    LEFT JOIN facts AS f ON f.supplier_id = s.supplier_id
    LEFT JOIN deprived AS d
        ON d.postcode_key = CASE WHEN s.payee_postcode <> '' THEN s.payee_postcode ELSE f.postcode_key END
),
payees AS (
    SELECT
        publisher, period, payee_unit, payee_class, max(supplier_id) AS supplier_id,
        CAST(sum(pence) AS BIGINT) AS net_pence,
        CASE WHEN min(here) = max(here) THEN min(here) END AS is_in_area,
        CASE WHEN min(near) = max(near) THEN min(near) END AS is_near,
        CASE WHEN min(same_region) = max(same_region) THEN min(same_region) END AS is_in_region,
        CASE WHEN min(is_deprived) = max(is_deprived) THEN min(is_deprived) END AS is_in_deprived_fifth,
        bool_or(payee_lad_code <> '') AS has_address,
        CASE WHEN bool_or(is_registered_address) THEN max(doubt) ELSE 0 END AS place_doubt,
        CASE WHEN max(supplier_id) <> '' THEN max(doubt) ELSE 0 END AS link_doubt
    FROM placed
    GROUP BY publisher, period, payee_unit, payee_class
),
dated AS (
    SELECT
        p.*, c.in_scope,
        make_date(CAST(left(p.period, 4) AS INT) + 1, 3, 31) AS year_end,
        printf('%d-%02d', CAST(left(p.period, 4) AS INT) - 1, CAST(left(p.period, 4) AS INT) % 100) AS year_before
    FROM payees AS p JOIN classes AS c ON c.payee_class = p.payee_class
),
sited AS (
    SELECT DISTINCT a.publisher, p.supplier_id FROM sites_placed AS p JOIN areas AS a ON a.lad_code = p.lad_code
),
answered AS (
    SELECT
        d.*,
        b.publisher IS NOT NULL AS has_year_before,
        -- A name that was not paid the year before, and is tied to no legal body, may be an old payee under a new name.
        CASE
            WHEN d.in_scope IS NULL THEN NULL
            WHEN before.payee_unit IS NOT NULL THEN TRUE
            WHEN d.supplier_id <> '' THEN FALSE
        END AS was_paid_before,
        CASE
            WHEN regexp_matches(d.supplier_id, '^GB-COH-(FC|SF|NF)') THEN FALSE
            WHEN d.has_address OR d.supplier_id LIKE 'GB-%' THEN TRUE
        END AS is_in_uk,
        -- An address in the area is a site in the area; that there is no other site nobody can say without a full list.
        CASE WHEN d.is_in_area OR s.supplier_id IS NOT NULL THEN TRUE END AS has_site_in_area,
        -- Accounts and reports count for a year where they are dated within 36 months of its end.
        abs(year(f.made_up) * 12 + month(f.made_up) - year(d.year_end) * 12 - month(d.year_end)) <= 36 AS has_accounts,
        g.median_gap, g.size IS NOT NULL AS reports_pay_gap, coalesce(g.is_large, FALSE) AS is_large,
        f.accounts_say_sme, f.charity_says_sme, f.is_vcse, f.is_vcse_narrow, f.is_social_form,
        f.sic_division, k.factor_low, k.factor_high, e.factor_least, e.factor_most, f.has_slavery_statement, w.days AS pays_in_days,
        w.within_30 AS pays_within_30
    FROM dated AS d
    LEFT JOIN facts AS f ON f.supplier_id = d.supplier_id
    LEFT JOIN gaps AS g ON g.supplier_id = d.supplier_id AND g.year_end = d.year_end
    LEFT JOIN practices AS w ON w.supplier_id = d.supplier_id AND w.year_end = d.year_end
    LEFT JOIN factors AS k ON k.division = f.sic_division AND k.year_end = d.year_end
    LEFT JOIN (SELECT DISTINCT year_end, factor_least, factor_most FROM factors) AS e ON e.year_end = d.year_end
    LEFT JOIN years AS b ON b.publisher = d.publisher AND b.period = d.year_before AND b.months >= 10
    LEFT JOIN payees AS before
        ON before.publisher = d.publisher AND before.period = d.year_before AND before.payee_unit = d.payee_unit
        AND before.payee_class = d.payee_class
    LEFT JOIN sited AS s ON s.publisher = d.publisher AND s.supplier_id = d.supplier_id AND d.supplier_id <> ''
)
SELECT
    * EXCLUDE (has_accounts, accounts_say_sme, charity_says_sme),
    -- Witnesses that contradict each other leave the question open.
    CASE
        WHEN is_large AND has_accounts AND accounts_say_sme THEN NULL
        WHEN is_large THEN FALSE
        WHEN has_accounts AND accounts_say_sme IS NOT NULL THEN accounts_say_sme
        ELSE charity_says_sme
    END AS is_sme,
    row_number() OVER (
        PARTITION BY publisher, period, in_scope IS TRUE AND net_pence > 0 ORDER BY net_pence DESC, payee_unit, payee_class
    ) AS place,
    row_number() OVER (
        PARTITION BY publisher, period, (in_scope OR payee_class = 'public_body') IS TRUE AND net_pence > 0
        ORDER BY net_pence DESC, payee_unit, payee_class
    ) AS place_with_public
FROM answered
