-- An index cut down to what some readings and ids ask of it; `asked_` tables are filled by asked.sql.
-- Every name that is kept keeps every block by which a reading came to it, so that each reading finds what it found before.

CREATE OR REPLACE TEMP TABLE kept_names AS
SELECT * FROM names
WHERE name_id IN (SELECT name_id FROM asked_names)
  OR body IN (SELECT body FROM bodies WHERE id IN (SELECT id FROM printed))
ORDER BY name_id;

CREATE OR REPLACE TEMP TABLE kept_bodies AS
SELECT * FROM bodies WHERE body IN (SELECT body FROM kept_names) OR id IN (SELECT id FROM printed);

CREATE OR REPLACE TEMP TABLE kept_blocks AS
SELECT block, name_id FROM blocks
WHERE block IN (SELECT block FROM asked_blocks) AND name_id IN (SELECT name_id FROM asked_names);

CREATE OR REPLACE TEMP TABLE kept_words AS
SELECT * FROM words
WHERE word IN (SELECT word FROM asked_words UNION SELECT unnest(string_split(stem, ' ')) FROM kept_names);

CREATE OR REPLACE TEMP TABLE kept_beginnings AS
SELECT * FROM beginnings WHERE beginning IN (SELECT beginning FROM asked_beginnings);
