-- Names of the register that a payee's readings may mean: those that share a block, the most telling blocks first.
-- `readings` (reading, stem) is the payees' side; the blocks are those of index.sql.

CREATE OR REPLACE TEMP TABLE reading_words AS
SELECT reading, word, coalesce(n, 0) AS n, ln(($names + 1) / (coalesce(n, 0) + 0.5)) AS surprise
FROM (SELECT reading, unnest(list_distinct(string_split(stem, ' '))) AS word FROM readings)
LEFT JOIN words USING (word);

CREATE OR REPLACE TEMP TABLE split AS
SELECT reading, string_split(stem, ' ')[:12] AS words FROM readings;

CREATE OR REPLACE TEMP TABLE rarest AS
SELECT reading, word, surprise FROM reading_words WHERE n > 0
QUALIFY row_number() OVER (PARTITION BY reading ORDER BY n, word) <= 6;

CREATE OR REPLACE TEMP TABLE reading_blocks AS
SELECT reading, hash('=' || replace(stem, ' ', '')) AS block, 30.0 AS weight FROM readings
UNION ALL
SELECT reading, hash('=' || part), 9.0 + length(part) / 2.0
FROM (
  SELECT reading, array_to_string(list_slice(words, 1, unnest(range(1, length(words)))), '') AS part FROM split
  UNION ALL
  SELECT reading, array_to_string(list_slice(words, unnest(range(2, length(words) + 1)), length(words)), '') FROM split
)
UNION ALL
SELECT reading, hash('<' || left(replace(stem, ' ', ''), 9)), 9.0 FROM readings
WHERE length(replace(stem, ' ', '')) >= 9
UNION ALL
SELECT reading, hash('>' || right(replace(stem, ' ', ''), 9)), 9.0 FROM readings
WHERE length(replace(stem, ' ', '')) >= 9
UNION ALL
SELECT reading, hash('l' || left(replace(stem, ' ', ''), 16)), 9.0 FROM readings
WHERE length(replace(stem, ' ', '')) >= 16
UNION ALL
SELECT reading, hash('w' || word), surprise FROM reading_words WHERE n > 0
UNION ALL
SELECT a.reading, hash('p' || a.word || ' ' || b.word), a.surprise + b.surprise
FROM rarest AS a JOIN rarest AS b ON a.reading = b.reading AND a.word < b.word;

CREATE OR REPLACE TEMP TABLE candidates AS
SELECT reading, name_id
FROM (
  SELECT reading, name_id, sum(weight) AS weight
  FROM reading_blocks JOIN blocks USING (block)
  GROUP BY reading, name_id
)
QUALIFY weight >= $near * max(weight) OVER (PARTITION BY reading)
  AND row_number() OVER (PARTITION BY reading ORDER BY weight DESC, name_id) <= $wanted;

-- How many other names of the register begin with a reading: a name that many lengthen means less by itself.
CREATE OR REPLACE TEMP TABLE crowds AS
SELECT reading, n AS crowd FROM readings JOIN beginnings ON hash(stem) = beginning;
