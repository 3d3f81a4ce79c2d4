/* SPDX-License-Identifier: Apache-2.0
 * results.sqlite, written and read back. */
#include "store.h"

#include "base/json_file.h"
#include "base/util.h"
#include "harnesses/truth/describe.h"
#include "harnesses/verdict/heard.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char tables[] =
	"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; BEGIN;"
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT);"
	"CREATE TABLE counts(class TEXT, idiom TEXT, detector TEXT, region TEXT, operation TEXT,"
	" width INTEGER, distance TEXT, verdict TEXT, cause TEXT, count INTEGER);"
	"CREATE TABLE audits(class TEXT, idiom TEXT, detector TEXT, plan INTEGER, plan_bytes BLOB,"
	" fast_verdict TEXT, fast_cause TEXT, audit_verdict TEXT, audit_cause TEXT, kind TEXT,"
	" distance INTEGER, shadow BLOB, words TEXT, fast_kind TEXT, dying_kind TEXT);"
	"CREATE TABLE costs(class TEXT, idiom TEXT, detector TEXT, ns_per_benign_plan REAL,"
	" rss_kib INTEGER);";

enum statement {
	INSERT_META,
	INSERT_COUNT,
	INSERT_AUDIT,
	INSERT_COST,
	STATEMENT_COUNT
};

static const char *const statements[STATEMENT_COUNT] = {
	"INSERT INTO meta VALUES (?, ?)",
	"INSERT INTO counts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	"INSERT INTO audits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	"INSERT INTO costs VALUES (?, ?, ?, ?, ?)",
};

struct store {
	char *path;
	sqlite3 *database;
	sqlite3_stmt *insert[STATEMENT_COUNT];
	int failed;   /* SQLite's code, 0 as long as all is well */
	char *reason; /* its words at that time */
};

/* ---- writing --------------------------------------------------------------------------------- */

static void note(struct store *store, int code)
{
	if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW || store->failed != 0)
		return;
	store->failed = code;
	store->reason = format("%s",
		store->database != NULL ? sqlite3_errmsg(store->database) : sqlite3_errstr(code));
}

struct store *store_create(const char *path, char **ret_error)
{
	struct store *store = calloc(1, sizeof(*store));

	if (store == NULL)
		abort();
	store->path = format("%s", path);
	unlink(path);
	note(store,
		sqlite3_open_v2(path, &store->database,
			SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL));
	if (store->failed == 0)
		note(store, sqlite3_exec(store->database, tables, NULL, NULL, NULL));
	for (int s = 0; s < STATEMENT_COUNT && store->failed == 0; s++)
		note(store,
			sqlite3_prepare_v2(
				store->database, statements[s], -1, &store->insert[s], NULL));
	if (store->failed == 0)
		return store;
	store_close(store, ret_error);
	return NULL;
}

static void bind_text(sqlite3_stmt *statement, int *column, const char *text)
{
	sqlite3_bind_text(statement, ++*column, text, -1, SQLITE_TRANSIENT);
}

static void bind_whole(sqlite3_stmt *statement, int *column, int64_t number)
{
	sqlite3_bind_int64(statement, ++*column, number);
}

static void bind_cell(sqlite3_stmt *statement, int *column, struct cell cell)
{
	bind_text(statement, column, plan_classes[cell.class].slug);
	bind_text(statement, column, plan_idiom_slug(cell.idiom));
	bind_text(statement, column, detectors[cell.detector].slug);
}

static void run_statement(struct store *store, sqlite3_stmt *statement)
{
	note(store, sqlite3_step(statement));
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
}

void store_meta(struct store *store, const char *key, const char *value)
{
	sqlite3_stmt *statement = store->insert[INSERT_META];
	int column = 0;

	bind_text(statement, &column, key);
	bind_text(statement, &column, value);
	run_statement(store, statement);
}

void store_count(struct store *store, struct cell cell, const struct tally_row *row)
{
	sqlite3_stmt *statement = store->insert[INSERT_COUNT];
	char distance[TALLY_SLUG_MAX];
	int column = 0;

	tally_distance_slug(row->distance, distance);
	bind_cell(statement, &column, cell);
	bind_text(statement, &column, plan_region_slug(row->region));
	bind_text(statement, &column, truth_operation_slug(row->act));
	bind_whole(statement, &column, row->width);
	bind_text(statement, &column, distance);
	bind_text(statement, &column, verdict_slug(row->verdict));
	bind_text(statement, &column, cause_slug(row->cause));
	bind_whole(statement, &column, (int64_t)row->count);
	run_statement(store, statement);
}

static void bind_outcome(sqlite3_stmt *statement, int *column, uint8_t outcome)
{
	bool valid = outcome_is_valid(outcome);

	bind_text(statement, column, valid ? verdict_slug(outcome_verdict(outcome)) : NULL);
	bind_text(statement, column, valid ? cause_slug(outcome_cause(outcome)) : NULL);
}

void store_audit(struct store *store, const struct measurement *run, const struct audited *audited)
{
	sqlite3_stmt *statement = store->insert[INSERT_AUDIT];
	struct cell cell = audited->cell;
	struct plan plan = measurement_plan(run, cell.class, cell.idiom, audited->index);
	uint8_t bytes[PLAN_BYTES];
	char words[DESCRIBE_MAX] = "";
	int column = 0;

	plan_encode(&plan, bytes);
	describe_sentence(&plan, words);
	bind_cell(statement, &column, cell);
	bind_whole(statement, &column, (int64_t)audited->index);
	sqlite3_bind_blob(statement, ++column, bytes, sizeof(bytes), SQLITE_TRANSIENT);
	bind_outcome(statement, &column, audited->fast);
	bind_outcome(statement, &column, audited->audit);
	bind_text(statement, &column, audited->kind);
	bind_whole(statement, &column, (int64_t)audited->distance);
	column++;
	if (audited->shadow_count > 0)
		sqlite3_bind_blob(statement, column, audited->shadow, audited->shadow_count,
			SQLITE_TRANSIENT);
	bind_text(statement, &column, words);
	bind_text(statement, &column, audited->fast_kind);
	bind_text(statement, &column, audited->dying_kind);
	run_statement(store, statement);
}

void store_cost(struct store *store, struct cell cell, const struct cost *cost)
{
	sqlite3_stmt *statement = store->insert[INSERT_COST];
	int column = 0;

	bind_cell(statement, &column, cell);
	sqlite3_bind_double(statement, ++column, cost->ns_per_benign_plan);
	bind_whole(statement, &column, (int64_t)cost->rss_kib);
	run_statement(store, statement);
}

static int sync_file(const char *path)
{
	int file = open(path, O_RDWR | O_CLOEXEC), error = 0;

	if (file < 0 || fsync(file) != 0)
		error = -errno;
	if (file >= 0 && close(file) != 0 && error == 0)
		error = -errno;
	return error;
}

static int error_number(int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL: return -ENOSPC;
	case SQLITE_NOMEM: return -ENOMEM;
	case SQLITE_CANTOPEN: return -ENOENT;
	default: return -EIO;
	}
}

int store_close(struct store *store, char **ret_error)
{
	int error = 0;

	if (store->failed == 0)
		note(store, sqlite3_exec(store->database, "COMMIT", NULL, NULL, NULL));
	for (int s = 0; s < STATEMENT_COUNT; s++)
		sqlite3_finalize(store->insert[s]);
	note(store, sqlite3_close(store->database));
	if (store->failed != 0) {
		error = error_number(store->failed);
		*ret_error = format("%s: %s", store->path, store->reason);
	} else if ((error = sync_file(store->path)) != 0) {
		*ret_error = format("%s: %s", store->path, strerror(-error));
	}
	if (error != 0)
		unlink(store->path);
	free(store->path);
	free(store->reason);
	free(store);
	return error;
}

/* ---- reading --------------------------------------------------------------------------------- */

struct loading {
	const struct measurement *run;
	const char *path;
	sqlite3 *database;
	sqlite3_stmt *statement;
	struct results *results;
	struct audited *audited;
	size_t capacity;
	char **error;
};

static int bad_row(const struct loading *loading, const char *what)
{
	*loading->error = format("%s: %s", loading->path, what);
	return -EINVAL;
}

static const char *column_text(sqlite3_stmt *statement, int column)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);

	return text != NULL ? text : "";
}

/* From the first three columns. */
static int load_cell(const struct loading *loading, struct cell *ret)
{
	sqlite3_stmt *statement = loading->statement;
	int class = plan_class_find(column_text(statement, 0));
	int idiom = plan_idiom_find(column_text(statement, 1));
	int detector = detector_find(column_text(statement, 2));

	if (!measurement_has_cell(loading->run, class, idiom, detector))
		return bad_row(loading, "a row is about a cell that the run does not have");
	*ret = (struct cell){ (enum plan_class) class, (enum plan_idiom)idiom,
		(enum detector_id)detector };
	return 0;
}

static int verdict_find(const char *slug)
{
	for (int v = 0; v < VERDICT_COUNT; v++)
		if (strcmp(verdict_slug((enum verdict)v), slug) == 0)
			return v;
	return -1;
}

/* OUTCOME_NONE for what is none. */
static uint8_t load_outcome(sqlite3_stmt *statement, int column)
{
	int verdict = verdict_find(column_text(statement, column));
	int cause = cause_find(column_text(statement, column + 1));
	uint8_t outcome;

	if (verdict < 0)
		return OUTCOME_NONE;
	outcome = outcome_of((enum verdict)verdict, cause < 0 ? CAUSE_NONE : (enum cause)cause);
	return outcome_is_valid(outcome) ? outcome : OUTCOME_NONE;
}

static struct audited *add_audited(struct loading *loading)
{
	struct results *results = loading->results;

	if (results->audited_count == loading->capacity) {
		loading->capacity = loading->capacity > 0 ? 2 * loading->capacity : 1024;
		loading->audited = reallocarray(
			loading->audited, loading->capacity, sizeof(*loading->audited));
		if (loading->audited == NULL)
			abort();
		results->audited = loading->audited;
	}
	return &loading->audited[results->audited_count];
}

static bool load_kind(sqlite3_stmt *statement, int column, char ret[KIND_MAX])
{
	const char *kind = column_text(statement, column);

	if (strlen(kind) >= KIND_MAX || !json_file_is_plain(kind))
		return false;
	memcpy(ret, kind, strlen(kind) + 1);
	return true;
}

static int load_audit(struct loading *loading)
{
	sqlite3_stmt *statement = loading->statement;
	struct audited *audited = add_audited(loading);
	int64_t index = sqlite3_column_int64(statement, 3);
	const void *shadow = sqlite3_column_blob(statement, 10);
	int shadow_count = sqlite3_column_bytes(statement, 10);
	int error;

	*audited = (struct audited){ .fast = load_outcome(statement, 4),
		.audit = load_outcome(statement, 6) };
	error = load_cell(loading, &audited->cell);
	if (error != 0)
		return error;
	if (index < 0 || (uint64_t)index >= measurement_count(loading->run, audited->cell.class))
		return bad_row(loading, "an audit is of a plan that the run does not have");
	if (!load_kind(statement, 8, audited->kind) ||
		!load_kind(statement, 11, audited->fast_kind) ||
		!load_kind(statement, 12, audited->dying_kind) || shadow_count > AUDITED_SHADOW)
		return bad_row(loading, "an audit has a kind or shadow that none can have");
	audited->index = (uint64_t)index;
	audited->distance = (uint64_t)sqlite3_column_int64(statement, 9);
	audited->shadow_count = (uint8_t)shadow_count;
	if (shadow_count > 0)
		memcpy(audited->shadow, shadow, (size_t)shadow_count);
	loading->results->audited_count++;
	return 0;
}

static int load_cost(struct loading *loading)
{
	sqlite3_stmt *statement = loading->statement;
	int64_t rss_kib = sqlite3_column_int64(statement, 4);
	struct cell cell;
	int error = load_cell(loading, &cell);

	if (error != 0)
		return error;
	loading->results->cost[cell.class][cell.idiom][cell.detector] = (struct cost){ true,
		sqlite3_column_double(statement, 3), rss_kib > 0 ? (uint64_t)rss_kib : 0 };
	return 0;
}

static int load_meta(struct loading *loading)
{
	const char *key = column_text(loading->statement, 0);
	double value = sqlite3_column_double(loading->statement, 1);

	if (!(value >= 0 && value < 1e18))
		return 0;
	if (strcmp(key, "wall_s") == 0)
		loading->results->wall_s = value;
	else if (strcmp(key, "judged") == 0)
		loading->results->judged = (uint64_t)value;
	else if (strcmp(key, "worker_deaths") == 0)
		loading->results->worker_deaths = (uint64_t)value;
	else if (strcmp(key, "unfinished") == 0)
		loading->results->unfinished = value > 0;
	return 0;
}

static int load_rows(struct loading *loading, const char *query, int load(struct loading *loading))
{
	int code = sqlite3_prepare_v2(loading->database, query, -1, &loading->statement, NULL);
	int error = 0;

	while (code == SQLITE_OK || code == SQLITE_ROW) {
		code = sqlite3_step(loading->statement);
		if (code == SQLITE_ROW && (error = load(loading)) != 0)
			break;
	}
	if (error == 0 && code != SQLITE_DONE)
		error = bad_row(loading, sqlite3_errmsg(loading->database));
	sqlite3_finalize(loading->statement);
	loading->statement = NULL;
	return error;
}

/* Older releases compared verdicts and causes alone. */
static int load_audits(struct loading *loading)
{
	AUTO_FREE char *query = NULL;
	sqlite3_stmt *tried = NULL;
	bool has_kinds = sqlite3_prepare_v2(loading->database,
				 "SELECT fast_kind, dying_kind FROM audits", -1, &tried,
				 NULL) == SQLITE_OK;

	sqlite3_finalize(tried);
	query = format("SELECT class, idiom, detector, plan, fast_verdict, fast_cause, "
		       "audit_verdict, audit_cause, kind, distance, shadow, %s FROM audits",
		has_kinds ? "fast_kind, dying_kind" :
			    "'" HEARD_KIND_UNKNOWN "', '" HEARD_KIND_UNKNOWN "'");
	return load_rows(loading, query, load_audit);
}

int results_load(const struct measurement *run, struct results *ret, char **ret_error)
{
	AUTO_FREE char *path = format("%s/results.sqlite", run->directory);
	struct loading loading = { .run = run, .path = path, .results = ret, .error = ret_error };
	int error;

	*ret = (struct results){ 0 };
	if (access(path, R_OK) != 0) {
		error = -errno;
		*ret_error = format("%s: %s", path, strerror(-error));
		return error;
	}
	if (sqlite3_open_v2(path, &loading.database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		error = bad_row(&loading, "cannot be opened");
	else if ((error = load_rows(&loading, "SELECT key, value FROM meta", load_meta)) == 0 &&
		(error = load_rows(&loading,
			 "SELECT class, idiom, detector, ns_per_benign_plan, rss_kib FROM costs",
			 load_cost)) == 0)
		error = load_audits(&loading);
	sqlite3_close(loading.database);
	return error;
}

void results_free(struct results *results)
{
	free((void *)(uintptr_t)results->audited);
	*results = (struct results){ 0 };
}
