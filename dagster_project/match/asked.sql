-- What some readings ask of an index, added to what others asked of it; their tables are those of candidates.sql.

INSERT INTO asked_names SELECT DISTINCT name_id FROM candidates;

INSERT INTO asked_blocks SELECT DISTINCT block FROM reading_blocks;

INSERT INTO asked_words SELECT DISTINCT word FROM reading_words;

INSERT INTO asked_beginnings SELECT hash(stem) FROM readings;
