/*
 * file_fdw.h - what the files of this module share.
 */
#ifndef MEDLEY_FILE_FDW_H
#define MEDLEY_FILE_FDW_H

#include <stdatomic.h>
#include <sys/types.h>

#include "medley/fdw.h"

/* ---- options.c ---- */

typedef enum Format { FORMAT_TEXT, FORMAT_CSV, FORMAT_BINARY, FORMAT_JSON, FORMAT_PARQUET } Format;
typedef enum Header { HEADER_NONE, HEADER_SKIP, HEADER_MATCH } Header;

typedef struct FileEncoding FileEncoding;

/* COPY's options (PostgreSQL manual, COPY), with their defaults filled in. */
typedef struct CopyOptions {
    Format format;
    Header header;
    char delimiter, quote, escape;
    const char *null;
    size_t null_length;
    const FileEncoding *encoding; /* NULL: UTF-8 */
    const char *filename, *program;
} CopyOptions;

bool file_fail(FdwCall *call, const char *sqlstate, const char *format, ...) __attribute__((format(printf, 3, 4)));
char *file_text(FdwCall *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *file_option(const FdwOptions *options, const char *name);
bool file_option_bool(const FdwOptions *options, const char *name);
bool file_check_option(FdwCall *call, const FdwCheck *check, size_t index);
bool file_check_options(FdwCall *call, const FdwCheck *check);
/* A table's with its server's and wrapper's, as PostgreSQL's file_fdw has them; a validator need not have seen them. The first: only what
 * PostgreSQL looks at when it plans, with filename or program. */
bool file_table_source(FdwCall *call, const FdwTable *table, CopyOptions *out);
bool file_check_table(FdwCall *call, const FdwTable *table);
bool file_table_options(FdwCall *call, const FdwTable *table, CopyOptions *out);
const char *file_table_option(const FdwTable *table, const char *name); /* NULL: there is none of that name */

/* The column's name in files that name theirs. */
const char *file_column_name(const FdwColumn *column);

/* ---- encodings.c ---- */

/* By PostgreSQL's name; *out NULL: nothing is converted. false: no such encoding. */
bool encoding_find(const char *name, const FileEncoding **out);
/* *converter: an iconv_t for the caller to close. */
bool encoding_open(FdwCall *call, const FileEncoding *encoding, void **converter);

typedef struct EncodingChunk {
    char *in, *out; /* both move on */
    size_t in_left, out_left;
} EncodingChunk;

/* What is left in `in` afterwards is an incomplete character, or had no room; a wrong one fails once it is the first. last: no bytes
 * follow. */
bool encoding_convert(FdwCall *call, const FileEncoding *encoding, void *converter, bool last, EncodingChunk *chunk);

/* ---- files.c ---- */

typedef struct Files {
    const char **names;
    size_t count;
} Files;

bool files_expand(FdwCall *call, const char *filename, Files *out);
/* Leaves the files of share number `share` of `shares`. */
void files_share(Files *files, size_t share, size_t shares);
/* Bytes of all that the name or pattern stands for. -1: unknown. */
int64_t files_size(const char *filename);

/* ---- source.c: bytes of a file, a range of it, or a program's output, in UTF-8 ---- */

enum { SOURCE_PADDING = 16 };

typedef struct Source {
    int fd;
    pid_t child;       /* of a program; 0: a file */
    const char *name;  /* the file or program */
    bool may_block;    /* no regular file: wait before reading */
    int64_t left;      /* bytes of the range not yet read; -1: to the end */
    char *buffer;      /* malloc'd: capacity bytes, and SOURCE_PADDING that may be read */
    size_t start, end; /* what is buffered and not consumed */
    size_t capacity;
    bool at_end;  /* nothing more to read */
    bool was_cut; /* there was more, behind an end-of-copy marker */
    const FileEncoding *encoding;
    void *converter; /* iconv_t; NULL: bytes are taken as they are */
    char *raw;       /* bytes before conversion */
    size_t raw_length;
} Source;

bool source_open_file(FdwCall *call, Source *source, const char *name, const FileEncoding *encoding, int64_t first, int64_t last);
/* errno of an open() as COPY's error. Always false. */
bool source_fail_open(FdwCall *call, const char *name);
bool source_open_program(FdwCall *call, Source *source, const char *command, const FileEncoding *encoding);
/* Reads more behind `end`, moving what is buffered to the front. at_end is set when there is nothing more. */
bool source_fill(FdwCall *call, Source *source);
/* For a program: waits for it and judges its exit. */
bool source_finish(FdwCall *call, Source *source);
void source_close(Source *source);

/* ---- lines.c ---- */

typedef enum LineEnd { LINE_END_UNKNOWN, LINE_END_LF, LINE_END_CR, LINE_END_CRLF } LineEnd;

typedef struct Lines {
    Source *source;
    const CopyOptions *options;
    LineEnd line_end;
    int64_t number; /* of the current line, from 1, within this part */
    char *line;     /* in the source's buffer, without its end; until the next call */
    size_t length;
    bool is_valid; /* line may be shown in an error's context */
    bool at_end;
} Lines;

/* false: failed. at_end: there is no further line. */
bool lines_next(FdwCall *call, Lines *lines);

/* ---- fields.c ---- */

typedef struct Field {
    const char *bytes;
    size_t length;
    bool is_null, was_quoted;
} Field;

typedef struct Fields {
    Field *items; /* malloc'd */
    size_t count, capacity;
    char *scratch; /* malloc'd: fields with quotes or escapes taken out */
    size_t scratch_capacity;
} Fields;

bool fields_split(FdwCall *call, Fields *fields, const CopyOptions *options, const char *line, size_t length);
void fields_free(Fields *fields);
/* Room for at least `count` items. */
void fields_reserve(Fields *fields, size_t count);
/* 22021 when the bytes are no UTF-8. behind: bytes that follow and may be shown of a character that is cut off. */
bool fields_check_utf8(FdwCall *call, const char *bytes, size_t length, size_t behind);

/* ---- quick.c ---- */

/* The next line and its fields at once, when it is a plain one; whether its bytes are valid is not looked at. false: nothing was taken. */
bool quick_row(Lines *lines, Fields *fields, bool *is_ascii);

/* ---- convert.c ---- */

/* Puts a field, never NULL, into a vector. */
typedef bool (*Converter)(FdwCall *call, FdwVector *vector, size_t row, const char *bytes, size_t length);
Converter convert_choose(const FdwType *type);
/* Whether any text is a value of the type. */
bool convert_takes_all(const FdwType *type);

/* ---- json.c ---- */

typedef struct JsonLines JsonLines;

JsonLines *json_open(FdwCall *call, FdwScan *scan);
void json_close(JsonLines *json);
/* The line's values into the scan's fields, one a column. They are valid until the next call, as long as the line is. */
bool json_split(FdwCall *call, JsonLines *json, const char *line, size_t length);

/* ---- parquet.c ---- */

typedef struct ParquetScan ParquetScan;

ParquetScan *parquet_open(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, const Files *files);
void parquet_close(ParquetScan *scan);
bool parquet_next(FdwCall *call, ParquetScan *scan, const FdwScanSpec *spec, FdwBatch *batch);
FdwAnswer parquet_offer_filter(const FdwTable *table, const FdwFilter *filter);

/* ---- import.c ---- */

bool file_import_schema(FdwCall *call, FdwConnection *connection, const FdwImportSpec *spec);

/* ---- scan.c, binary.c, cut.c ---- */

struct FdwConnection {
    _Atomic(struct Reader *) reader; /* reader.h; NULL: none was needed yet */
};

typedef struct FileColumn {
    const FdwColumn *column;
    const char *name; /* in files that name their columns */
    int vector;       /* -1: not asked for */
    Converter convert;
    bool force_not_null, force_null;
} FileColumn;

struct FdwScan {
    CopyOptions options;
    const FdwScanSpec *spec;
    Files files;
    size_t file; /* which of them is open */
    Source source;
    Lines lines;
    Fields fields;
    JsonLines *json;      /* FORMAT_JSON */
    ParquetScan *parquet; /* FORMAT_PARQUET: what stands below is not used */
    FileColumn *columns;  /* the table's, without dropped ones */
    size_t ncolumns;
    bool check_all;          /* no column is asked for: all are converted, as PostgreSQL does */
    FdwVector *checkers;     /* one row each, for check_all */
    int64_t first;           /* where this part begins in the file */
    int64_t rows_left;       /* -1: no limit */
    size_t *absent, nabsent; /* vectors of generated columns, which files do not have: NULL */
    bool opened, head_done, at_end;
};

enum { WHOLE_FILE = -1 }; /* FdwPart.last: to the file's end */

FdwScan *file_scan_open(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, const FdwPart *part);
bool file_scan_next(FdwCall *call, FdwScan *scan, FdwBatch *batch);
void file_scan_close(FdwScan *scan);
size_t file_split(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, size_t max_parts, FdwPart *parts);
bool file_estimate(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, FdwEstimate *out);
bool file_statistics(FdwCall *call, FdwConnection *connection, const FdwTable *table, FdwStatistics *out);
/* Behind the last row of a file: on to the next one, or to the scan's end. */
/* The row at batch->count is complete. */
void scan_end_row(const FdwScan *scan, FdwBatch *batch);
bool scan_next_file(FdwCall *call, FdwScan *scan);
bool binary_scan_next(FdwCall *call, FdwScan *scan, FdwBatch *batch);
/* Adds COPY's context to the error that is set: the line, and the column with its text when there is one. Always false. */
bool scan_context(FdwCall *call, FdwScan *scan, const FileColumn *column, const Field *field);

#endif
