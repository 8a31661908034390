-- What a matcher looks up, made once of `names` (name_id, body, key, stem, form, is_previous, since, until).
-- A block is a key on which a payee's name and a register's may meet; crowded blocks tell nothing and are left out.

CREATE OR REPLACE TABLE words AS
SELECT word, count(*) AS n
FROM (SELECT unnest(string_split(stem, ' ')) AS word FROM (SELECT DISTINCT stem FROM names))
GROUP BY word;

-- Words by how rare they are: a number stands for a word where names are grouped, which takes a tenth of the memory.
CREATE OR REPLACE TEMP TABLE ranked AS
SELECT word, n, CAST(row_number() OVER (ORDER BY n, word) AS INTEGER) AS place FROM words;

CREATE OR REPLACE TEMP TABLE places AS
SELECT names.name_id, ranked.word, ranked.n, ranked.place
FROM (SELECT name_id, unnest(list_distinct(string_split(stem, ' '))) AS word FROM names) AS names
JOIN ranked USING (word);

CREATE OR REPLACE TEMP TABLE rarest AS
SELECT name_id, first, min(place) AS second
FROM places JOIN (SELECT name_id, min(place) AS first FROM places GROUP BY name_id) USING (name_id)
WHERE place > first
GROUP BY name_id, first;

CREATE OR REPLACE TEMP TABLE keys AS
SELECT hash('=' || replace(stem, ' ', '')) AS block, name_id FROM names
UNION ALL
SELECT hash('<' || left(replace(stem, ' ', ''), 9)), name_id FROM names WHERE length(replace(stem, ' ', '')) >= 9
UNION ALL
SELECT hash('>' || right(replace(stem, ' ', ''), 9)), name_id FROM names WHERE length(replace(stem, ' ', '')) >= 9
UNION ALL
SELECT hash('l' || left(replace(stem, ' ', ''), 16)), name_id FROM names WHERE length(replace(stem, ' ', '')) >= 16
UNION ALL
SELECT hash('w' || word), name_id FROM places WHERE n <= $word_cap
UNION ALL
SELECT hash('p' || least(a.word, b.word) || ' ' || greatest(a.word, b.word)), name_id
FROM rarest JOIN ranked AS a ON a.place = first JOIN ranked AS b ON b.place = second;

CREATE OR REPLACE TABLE blocks AS
SELECT block, name_id
FROM keys JOIN (SELECT block FROM keys GROUP BY block HAVING count(*) <= $block_cap) USING (block);

-- How many names begin with some words and go on.
CREATE OR REPLACE TABLE beginnings AS
SELECT hash(array_to_string(list_slice(words, 1, length), ' ')) AS beginning, count(*) AS n
FROM (
  SELECT words, unnest(range(1, len(words))) AS length
  FROM (SELECT string_split(stem, ' ') AS words FROM (SELECT DISTINCT stem FROM names))
)
GROUP BY beginning;

CREATE OR REPLACE TABLE aliases AS
SELECT other, min(id) AS id
FROM (
  -- The company number leads, whichever register states that two are one.
  SELECT CASE WHEN stated LIKE 'GB-COH-%' THEN id ELSE stated END AS other,
         CASE WHEN stated LIKE 'GB-COH-%' THEN stated ELSE id END AS id
  FROM (SELECT id, unnest(string_split(same_as, '|')) AS stated FROM bodies WHERE same_as <> '')
  WHERE stated IN (SELECT id FROM bodies) AND stated <> id
)
GROUP BY other;

DROP TABLE places;
DROP TABLE ranked;
DROP TABLE rarest;
DROP TABLE keys;
