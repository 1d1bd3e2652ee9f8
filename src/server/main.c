/*
 * main.c - the command line of medley: a table of commands and one of options, from which the parser and the help are made.
 */
#include <getopt.h>
#include <libpq-fe.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <pg_query.h>
#include <pwd.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/server.h"

typedef enum OptionKind { OPTION_TEXT, OPTION_NUMBER, OPTION_LOG_LEVEL, OPTION_AUTH, OPTION_FLAG, OPTION_HELP } OptionKind;

typedef struct Option {
    const char *name, *argument; /* argument NULL: takes none */
    char letter;                 /* 0: only the long name */
    OptionKind kind;
    size_t offset; /* into ServerOptions */
    long min, max;
    const char *help;
    bool is_common; /* not of serve alone */
} Option;

#define AT(field) offsetof(ServerOptions, field)

static const Option OPTIONS[] = {
    {"data", "DIR", 'D', OPTION_TEXT, AT(data_directory), 0, 0, "data directory (required); serve makes it when it is absent", true},
    {"port", "PORT", 'p', OPTION_NUMBER, AT(port), 1, 65535, "port, of TCP and of the Unix socket's name (5432)", false},
    {"host", "ADDRESS", 'h', OPTION_TEXT, AT(address), 0, 0, "address to listen on; * for all, '' for no TCP (127.0.0.1)", false},
    {"socket-dir", "DIR", 'k', OPTION_TEXT, AT(socket_directory), 0, 0, "folder of the Unix socket; '' for none (/tmp)", false},
    {"superuser", "NAME", 'U', OPTION_TEXT, AT(superuser), 0, 0, "name of the superuser, when the data directory is made (the OS user)",
     false},
    {"auth", "METHOD", 0, OPTION_AUTH, AT(trust), 0, 0,
     "who must show a password: scram-sha-256 (all but the server's own OS user and root over the Unix socket) or trust (nobody)", false},
    {"tls-cert", "FILE", 0, OPTION_TEXT, AT(tls_certificate), 0, 0, "certificate (PEM, with its chain) to offer TLS with (none: no TLS)",
     false},
    {"tls-key", "FILE", 0, OPTION_TEXT, AT(tls_key), 0, 0,
     "private key of the certificate (PEM, without a passphrase, nobody else's to read)", false},
    {"tls-required", NULL, 0, OPTION_FLAG, AT(tls_required), 0, 0, "let nobody in over TCP without TLS", false},
    {"key-file", "FILE", 0, OPTION_TEXT, AT(key_file), 0, 0,
     "key that seals secrets; made with the data directory (the systemd credential medley.key, else DIR.key beside the data directory)",
     true},
    {"module-dir", "DIR", 0, OPTION_TEXT, AT(module_directory), 0, 0, "folder of wrapper modules (wrappers, beside the program)", false},
    {"max-connections", "N", 0, OPTION_NUMBER, AT(max_connections), 1, 262143, "clients at a time (1000)", false},
    {"workers", "N", 0, OPTION_NUMBER, AT(workers), 1, 10000, "statements run at a time, those of open transactions not counted (64)",
     false},
    {"engine-threads", "N", 0, OPTION_NUMBER, AT(engine_threads), 1, 1024, "threads of the local engine (one a processor)", false},
    {"engine-memory", "SIZE", 0, OPTION_TEXT, AT(memory_limit), 0, 0, "memory of the local engine, like 4GB (most of the machine's)",
     false},
    {"temp-directory", "DIR", 0, OPTION_TEXT, AT(temp_directory), 0, 0,
     "folder for temporary files, in which the server makes one of its own (tmp, in the data directory)", false},
    {"log-level", "LEVEL", 0, OPTION_LOG_LEVEL, AT(log_level), 0, 0, "error, warning, info or debug (warning)", false},
    {"core-dumps", NULL, 0, OPTION_FLAG, AT(core_dumps), 0, 0, "allow core files and debuggers, which see passwords of remote servers",
     false},
    {"help", NULL, 0, OPTION_HELP, 0, 0, 0, "this text", true},
};

static const char USAGE[] = "Medley: one server in front of all of your data.\n\n"
                            "  medley serve -D DIR [OPTION]...   run the server\n"
                            "  medley check -D DIR [OPTION]...   look whether the catalog of a data directory is whole\n"
                            "  medley serve --help               options of a command\n"
                            "  medley --version                  versions of Medley and of what it is built on\n"
                            "  medley --help                     this text\n";

typedef struct CommandLine {
    const char *name, *help;
    int (*run)(const ServerOptions *options);
    bool takes_all; /* every option, not only the common ones */
} CommandLine;

static const CommandLine COMMANDS[] = {
    {"serve", "run the server until SIGTERM or SIGINT", server_run, true},
    {"check", "look whether the catalog of a data directory that is not in use is whole; prints what is not", server_check, false},
};

static void print_command_help(const CommandLine *command)
{
    printf("medley %s: %s\n\n", command->name, command->help);
    for (size_t i = 0; i < COUNT_OF(OPTIONS); i++) {
        const Option *option = &OPTIONS[i];
        if (!option->is_common && !command->takes_all)
            continue;
        char left[64];
        int len = option->letter ? snprintf(left, sizeof left, "  -%c, --%s", option->letter, option->name)
                                 : snprintf(left, sizeof left, "      --%s", option->name);
        snprintf(left + len, sizeof left - (size_t)len, "%s%s", option->argument ? " " : "", option->argument ? option->argument : "");
        printf("%-30s %s\n", left, option->help);
    }
}

static void print_version(void)
{
    int pq = PQlibVersion();
    printf("medley %s\nDuckDB %s\nSQLite %s\nlibpg_query %s\nlibpq %d.%d\n%s\n", MEDLEY_VERSION, exec_engine_version(),
           sqlite3_libversion(), PG_VERSION, pq / 10000, pq % 10000, OpenSSL_version(OPENSSL_VERSION));
}

/* ---- parsing ---- */

static bool complain(const Option *option, const char *value, const char *wanted)
{
    fprintf(stderr, "medley: --%s: %s is not %s\n", option->name, value, wanted);
    return false;
}

static bool set_option(const CommandLine *command, ServerOptions *options, const Option *option, const char *value)
{
    void *field = (char *)options + option->offset;
    switch (option->kind) {
    case OPTION_TEXT:
        *(const char **)field = value;
        return true;
    case OPTION_NUMBER: {
        char *end;
        long number = strtol(value, &end, 10);
        if (end == value || *end || number < option->min || number > option->max) {
            char wanted[64];
            snprintf(wanted, sizeof wanted, "a number from %ld to %ld", option->min, option->max);
            return complain(option, value, wanted);
        }
        *(int *)field = (int)number;
        return true;
    }
    case OPTION_LOG_LEVEL:
        return log_parse_level(value, field) || complain(option, value, "error, warning, info or debug");
    case OPTION_AUTH:
        *(bool *)field = strcmp(value, "trust") == 0;
        return *(bool *)field || strcmp(value, "scram-sha-256") == 0 || complain(option, value, "trust or scram-sha-256");
    case OPTION_FLAG:
        *(bool *)field = true;
        return true;
    case OPTION_HELP:
        print_command_help(command);
        exit(0);
    }
    return false;
}

static const Option *find_option(const CommandLine *command, int code)
{
    for (size_t i = 0; i < COUNT_OF(OPTIONS); i++)
        if ((OPTIONS[i].is_common || command->takes_all) && code == (OPTIONS[i].letter ? OPTIONS[i].letter : 256 + (int)i))
            return &OPTIONS[i];
    return NULL;
}

static bool parse_options(const CommandLine *command, int argc, char **argv, ServerOptions *options)
{
    struct option longs[COUNT_OF(OPTIONS) + 1] = {0};
    char shorts[COUNT_OF(OPTIONS) * 2 + 2] = "";
    for (size_t i = 0, at = 0; i < COUNT_OF(OPTIONS); i++) {
        const Option *option = &OPTIONS[i];
        longs[i] = (struct option){option->name, option->argument ? required_argument : no_argument, NULL,
                                   option->letter ? option->letter : 256 + (int)i};
        if (option->letter) {
            shorts[at++] = option->letter;
            if (option->argument)
                shorts[at++] = ':';
        }
    }
    for (int code; (code = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        const Option *option = find_option(command, code);
        if (!option && code != '?')
            fprintf(stderr, "medley: %s does not take that option\n", command->name);
        if (!option || !set_option(command, options, option, optarg))
            return false;
    }
    if (optind < argc) {
        fprintf(stderr, "medley: what is \"%s\"? See medley %s --help\n", argv[optind], command->name);
        return false;
    }
    if (!options->data_directory || !*options->data_directory) {
        fprintf(stderr, "medley: which data directory? Say -D DIR; see medley %s --help\n", command->name);
        return false;
    }
    return true;
}

/* ---- defaults ---- */

static const char *user_name(void)
{
    const struct passwd *entry = getpwuid(geteuid());
    return entry ? entry->pw_name : "postgres";
}

static const char *default_key_file(const char *data_directory, Arena *arena)
{
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");
    if (credentials) {
        const char *path = arena_printf(arena, "%s/medley.key", credentials);
        if (access(path, F_OK) == 0)
            return path;
    }
    size_t len = strlen(data_directory);
    while (len > 1 && data_directory[len - 1] == '/')
        len--;
    return arena_printf(arena, "%.*s.key", (int)len, data_directory);
}

static const char *default_module_directory(Arena *arena)
{
    char path[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);
    path[len > 0 ? len : 0] = '\0';
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = '\0';
    return arena_printf(arena, "%s/wrappers", path);
}

static const char *absolute(const char *path, Arena *arena)
{
    char here[PATH_MAX];
    if (!*path || *path == '/' || !getcwd(here, sizeof here))
        return path;
    return arena_printf(arena, "%s/%s", here, path);
}

static bool check_tls(const ServerOptions *options)
{
    const char *wrong = !options->tls_certificate != !options->tls_key       ? "--tls-cert and --tls-key need each other"
                        : options->tls_required && !options->tls_certificate ? "--tls-required needs --tls-cert and --tls-key"
                                                                             : NULL;
    if (wrong)
        fprintf(stderr, "medley: %s\n", wrong);
    return !wrong;
}

static int run_command(const CommandLine *command, int argc, char **argv)
{
    Arena *arena = arena_open(NULL);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    ServerOptions options = {
        .address = "127.0.0.1",
        .port = 5432,
        .socket_directory = "/tmp",
        .superuser = user_name(),
        .module_directory = default_module_directory(arena),
        .log_level = LOG_WARNING_LEVEL,
        .max_connections = 1000,
        .workers = 64,
        .engine_threads = processors > 0 ? (int)processors : 1,
    };
    int status = 2;
    if (parse_options(command, argc, argv, &options)) {
        options.data_directory = absolute(options.data_directory, arena);
        options.socket_directory = absolute(options.socket_directory, arena);
        if (!options.key_file)
            options.key_file = default_key_file(options.data_directory, arena);
        if (check_tls(&options))
            status = command->run(&options);
    }
    arena_close(arena);
    return status;
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc >= 2 && i < COUNT_OF(COMMANDS); i++)
        if (strcmp(argv[1], COMMANDS[i].name) == 0)
            return run_command(&COMMANDS[i], argc - 1, argv + 1);
    if (argc == 2 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)) {
        print_version();
        return 0;
    }
    bool wanted = argc == 2 && strcmp(argv[1], "--help") == 0;
    fputs(USAGE, wanted ? stdout : stderr);
    return wanted ? 0 : 2;
}
