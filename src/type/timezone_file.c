/*
 * timezone_file.c - reads the system's time zone files (TZif, RFC 8536).
 *
 * Invariants:
 *  1. A name never leaves the zone folder: each part must be found in its folder's listing, and parts that begin with a dot are not.
 *  2. A file that is damaged in any way is no zone. Files with leap seconds are none either: instants here have none.
 *
 * Any thread.
 */
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "type/datetime_int.h"

enum { HEADER_SIZE = 44, MAX_FILE = 1 << 20, MAX_CHANGES = 4096, MAX_PERIODS = 256 };

static const char ZONE_FOLDER[] = "/usr/share/zoneinfo";

typedef struct Header {
    uint64_t isutc, isstd, leaps, changes, periods, letters;
    char version;
} Header;

static bool read_header(BinaryReader *reader, Header *out)
{
    const char *magic = binary_read_bytes(reader, 5);
    if (!magic || memcmp(magic, "TZif", 4) != 0)
        return false;
    out->version = magic[4];
    binary_read_bytes(reader, 15);
    out->isutc = binary_read_uint(reader, 4);
    out->isstd = binary_read_uint(reader, 4);
    out->leaps = binary_read_uint(reader, 4);
    out->changes = binary_read_uint(reader, 4);
    out->periods = binary_read_uint(reader, 4);
    out->letters = binary_read_uint(reader, 4);
    return !reader->failed && out->changes <= MAX_CHANGES && out->periods >= 1 && out->periods <= MAX_PERIODS && out->letters <= 4096 &&
           out->leaps <= MAX_CHANGES && out->isutc <= out->periods && out->isstd <= out->periods;
}

static bool read_periods(BinaryReader *reader, const Header *header, Arena *arena, TimeZone *out)
{
    ZonePeriod *periods = ARENA_ARRAY(arena, ZonePeriod, header->periods);
    uint8_t names[MAX_PERIODS];
    for (size_t i = 0; i < header->periods; i++) {
        periods[i].offset = (int32_t)binary_read_int(reader, 4);
        periods[i].is_dst = binary_read_uint(reader, 1) != 0;
        names[i] = (uint8_t)binary_read_uint(reader, 1);
    }
    const char *letters = binary_read_bytes(reader, header->letters);
    for (size_t i = 0; i < header->periods; i++) {
        if (!letters || names[i] >= header->letters)
            return false;
        periods[i].abbreviation = arena_strndup(arena, letters + names[i], strnlen(letters + names[i], header->letters - names[i]));
    }
    out->periods = periods;
    out->nperiods = header->periods;
    return true;
}

static bool read_data(BinaryReader *reader, const Header *header, Arena *arena, TimeZone *out)
{
    int64_t *changes = ARENA_ARRAY(arena, int64_t, header->changes + 1);
    uint8_t *kinds = ARENA_ARRAY(arena, uint8_t, header->changes + 1);
    for (size_t i = 0; i < header->changes; i++) {
        changes[i] = binary_read_int(reader, 8);
        if (i && changes[i] <= changes[i - 1])
            return false;
    }
    for (size_t i = 0; i < header->changes; i++)
        if ((kinds[i] = (uint8_t)binary_read_uint(reader, 1)) >= header->periods)
            return false;
    if (reader->failed || !read_periods(reader, header, arena, out))
        return false;
    binary_read_bytes(reader, header->isstd + header->isutc);
    out->changes = changes;
    out->kinds = kinds;
    out->nchanges = header->changes;
    return !reader->failed;
}

/* Before the first change holds the first kind of time, or the first standard one if that is daylight time. */
static void choose_first(TimeZone *zone)
{
    zone->first_period = 0;
    if (!zone->periods[0].is_dst)
        return;
    for (size_t i = 0; i < zone->nperiods; i++)
        if (!zone->periods[i].is_dst) {
            zone->first_period = i;
            return;
        }
}

static bool read_footer(BinaryReader *reader, Arena *arena, TimeZone *zone)
{
    const char *start = reader->bytes + reader->at, *end;
    size_t left = reader->len - reader->at;
    if (left < 2 || *start != '\n' || !(end = memchr(start + 1, '\n', left - 1)))
        return false;
    if (end == start + 1)
        return true;
    TimeZone rules;
    if (!timezone_parse_posix(arena_strndup(arena, start + 1, (size_t)(end - start - 1)), arena, &rules))
        return false;
    zone->has_footer = true;
    zone->has_rules = rules.has_rules;
    zone->standard = rules.standard;
    zone->daylight = rules.daylight;
    zone->to_daylight = rules.to_daylight;
    zone->to_standard = rules.to_standard;
    return true;
}

static bool parse(const char *bytes, size_t len, Arena *arena, TimeZone *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    Header header;
    if (!read_header(&reader, &header) || header.version < '2')
        return false;
    /* The 32-bit data of version 1 comes first and is skipped. */
    binary_read_bytes(&reader, header.changes * 5 + header.periods * 6 + header.letters + header.leaps * 8 + header.isstd + header.isutc);
    if (!read_header(&reader, &header) || header.leaps)
        return false;
    if (!read_data(&reader, &header, arena, out) || !read_footer(&reader, arena, out))
        return false;
    choose_first(out);
    return true;
}

/* Finds one part of the name in its folder, whatever its case, and appends it as it is spelt there. */
static bool append_part(Str *path, const char *part, size_t len)
{
    DIR *folder = len && *part != '.' ? opendir(path->data) : NULL;
    if (!folder)
        return false;
    bool found = false;
    for (struct dirent *entry; !found && (entry = readdir(folder));)
        if (strlen(entry->d_name) == len && strncasecmp(entry->d_name, part, len) == 0) {
            str_addf(path, "/%s", entry->d_name);
            found = true;
        }
    closedir(folder);
    return found;
}

static bool find_path(const char *name, Str *path)
{
    str_add(path, ZONE_FOLDER);
    for (const char *part = name; part;) {
        const char *slash = strchr(part, '/');
        if (!append_part(path, part, slash ? (size_t)(slash - part) : strlen(part)))
            return false;
        part = slash ? slash + 1 : NULL;
    }
    return true;
}

bool timezone_read_file(const char *name, Arena *arena, TimeZone *out)
{
    Str path;
    str_init(&path, arena);
    struct stat info;
    if (!find_path(name, &path) || stat(path.data, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > MAX_FILE)
        return false;
    FILE *file = fopen(path.data, "rbe");
    if (!file)
        return false;
    char *bytes = arena_alloc(arena, (size_t)info.st_size + 1);
    size_t len = fread(bytes, 1, (size_t)info.st_size, file);
    fclose(file);
    *out = (TimeZone){.name = arena_strdup(arena, path.data + sizeof ZONE_FOLDER)};
    return parse(bytes, len, arena, out);
}

static void list_folder(const char *inside, Arena *arena, StrList *names)
{
    DIR *folder = opendir(arena_printf(arena, "%s/%s", ZONE_FOLDER, inside));
    if (!folder)
        return;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        struct stat info;
        const char *name = arena_printf(arena, "%s%s%s", inside, *inside ? "/" : "", entry->d_name);
        if (stat(arena_printf(arena, "%s/%s", ZONE_FOLDER, name), &info) != 0)
            continue;
        if (S_ISDIR(info.st_mode))
            list_folder(name, arena, names);
        else
            vec_push(arena, names, name);
    }
    closedir(folder);
}

void timezone_list_files(Arena *arena, StrList *names)
{
    list_folder("", arena, names);
}
