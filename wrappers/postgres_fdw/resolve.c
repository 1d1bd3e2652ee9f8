/*
 * resolve.c - names of hosts into addresses, so that whoever waits for it can be cancelled.
 *
 * libpq looks names up inside its calls, and a name server that does not answer holds those up for as long as it likes. So a thread of its
 * own looks them up, and libpq gets the addresses beside the names (hostaddr): certificates, passwords and messages still go by the names.
 * A name of several addresses stands once for each of them, in their order, which is the order in which libpq would try them; one without
 * any is left out, as libpq would go on to the next.
 *
 * Invariants:
 *  1. What a look-up needs outlives who asked for it: whoever lets go last frees it.
 *  2. A look-up that is left alone ends with the resolver's own timeout.
 *
 * Any thread.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "postgres_fdw.h"

enum { POLL_MS = 50 };

typedef struct Name {
    char *text;
    bool is_looked_up;       /* no socket directory, no address */
    int code;                /* getaddrinfo's */
    struct addrinfo *answer; /* NULL: none */
} Name;

typedef struct Lookup {
    pthread_mutex_t lock;
    pthread_cond_t done;
    int references; /* who asked, and the thread */
    bool is_done;
    size_t count;
    Name names[];
} Lookup;

static size_t count_items(const char *list)
{
    size_t count = 1;
    for (const char *c = list; *c; c++)
        count += *c == ',';
    return count;
}

static bool ask(Name *name, int flags)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_family = AF_UNSPEC, .ai_flags = flags};
    name->code = getaddrinfo(name->text, NULL, &hints, &name->answer);
    if (name->code)
        name->answer = NULL;
    return name->answer != NULL;
}

static void free_answer(Name *name)
{
    if (name->answer)
        freeaddrinfo(name->answer);
    name->answer = NULL;
}

static bool is_address(Name *name)
{
    bool is_one = ask(name, AI_NUMERICHOST);
    free_answer(name);
    return is_one;
}

static Lookup *lookup_open(const char *hosts)
{
    size_t count = count_items(hosts);
    Lookup *lookup = calloc(1, sizeof *lookup + count * sizeof *lookup->names);
    if (!lookup)
        abort();
    lookup->count = count;
    lookup->references = 1;
    for (size_t i = 0; i < count; i++) {
        Name *name = &lookup->names[i];
        size_t length = strcspn(hosts, ",");
        name->text = strndup(hosts, length);
        if (!name->text)
            abort();
        hosts += length + 1;
        name->is_looked_up = *name->text && *name->text != '/' && *name->text != '@' && !is_address(name);
    }
    pthread_mutex_init(&lookup->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&lookup->done, &attributes);
    pthread_condattr_destroy(&attributes);
    return lookup;
}

static void let_go(Lookup *lookup)
{
    pthread_mutex_lock(&lookup->lock);
    bool last = --lookup->references == 0;
    pthread_mutex_unlock(&lookup->lock);
    if (!last)
        return;
    for (size_t i = 0; i < lookup->count; i++) {
        free_answer(&lookup->names[i]);
        free(lookup->names[i].text);
    }
    pthread_cond_destroy(&lookup->done);
    pthread_mutex_destroy(&lookup->lock);
    free(lookup);
}

static void *look_up(void *arg)
{
    Lookup *lookup = arg;
    for (size_t i = 0; i < lookup->count; i++)
        if (lookup->names[i].is_looked_up)
            ask(&lookup->names[i], 0);
    pthread_mutex_lock(&lookup->lock);
    lookup->is_done = true;
    pthread_cond_signal(&lookup->done);
    pthread_mutex_unlock(&lookup->lock);
    let_go(lookup);
    return NULL;
}

/* false: no thread could be started. */
static bool start(Lookup *lookup)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    lookup->references++;
    bool started = pthread_create(&thread, &attributes, look_up, lookup) == 0;
    pthread_attr_destroy(&attributes);
    if (!started)
        lookup->references--;
    return started;
}

/* false: cancelled. */
static bool wait_until_done(FdwCall *call, Lookup *lookup)
{
    pthread_mutex_lock(&lookup->lock);
    while (!lookup->is_done) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += POLL_MS * 1000000L;
        if (until.tv_nsec >= 1000000000L) {
            until.tv_sec++;
            until.tv_nsec -= 1000000000L;
        }
        pthread_cond_timedwait(&lookup->done, &lookup->lock, &until);
        if (!lookup->is_done && call->host->cancelled(call))
            break;
    }
    bool done = lookup->is_done;
    pthread_mutex_unlock(&lookup->lock);
    return done || postgres_fail(call, "57014", "canceling statement due to user request");
}

/* ---- the lists ---- */

static void add(FdwCall *call, PostgresHosts *hosts, const char *name, const char *address, const char *port, int port_length)
{
    const char *comma = hosts->count ? "," : "";
    hosts->names = postgres_text(call, "%s%s%s", hosts->count ? hosts->names : "", comma, name);
    hosts->addresses = postgres_text(call, "%s%s%s", hosts->count ? hosts->addresses : "", comma, address);
    if (port)
        hosts->ports = postgres_text(call, "%s%s%.*s", hosts->count ? hosts->ports : "", comma, port_length, port);
    hosts->count++;
}

static void add_name(FdwCall *call, PostgresHosts *hosts, const Name *name, const char *port)
{
    int port_length = port ? (int)strcspn(port, ",") : 0;
    if (!name->is_looked_up) {
        add(call, hosts, name->text, "", port, port_length);
        return;
    }
    if (!name->answer)
        hosts->failures = postgres_text(call, "%scould not translate host name \"%s\" to address: %s\n", hosts->failures, name->text,
                                        gai_strerror(name->code ? name->code : EAI_NONAME));
    for (const struct addrinfo *at = name->answer; at; at = at->ai_next) {
        char address[NI_MAXHOST];
        if (getnameinfo(at->ai_addr, at->ai_addrlen, address, sizeof address, NULL, 0, NI_NUMERICHOST) == 0)
            add(call, hosts, name->text, address, port, port_length);
    }
}

/* Several ports: one a host. */
static void make_lists(FdwCall *call, const Lookup *lookup, const char *ports, PostgresHosts *hosts)
{
    bool one_each = ports && count_items(ports) > 1;
    for (size_t i = 0; i < lookup->count; i++) {
        add_name(call, hosts, &lookup->names[i], one_each ? ports : NULL);
        if (one_each)
            ports += strcspn(ports, ",") + 1;
    }
}

bool postgres_resolve(FdwCall *call, const char *names, const char *ports, PostgresHosts *hosts)
{
    *hosts = (PostgresHosts){.failures = ""};
    Lookup *lookup = lookup_open(names);
    bool wanted = false, done = true;
    for (size_t i = 0; i < lookup->count; i++)
        wanted = wanted || lookup->names[i].is_looked_up;
    /* Lists that do not match are libpq's to refuse. */
    size_t nports = ports ? count_items(ports) : 1;
    if (wanted && (nports == 1 || nports == lookup->count) && start(lookup)) {
        done = wait_until_done(call, lookup);
        if (done)
            make_lists(call, lookup, ports, hosts);
    }
    let_go(lookup);
    return done;
}

/* The item of a list, at the same place as `at` is in its own. */
static const char *same_item(const char *list, const char *other, const char *at)
{
    for (const char *c = other; c < at; c++)
        if (*c == ',')
            list += strcspn(list, ",") + 1;
    return list;
}

const char *postgres_named_hosts(FdwCall *call, const PostgresHosts *hosts, const char *message)
{
    static const char BEFORE[] = "connection to server at \"";
    const char *text = postgres_text(call, "%s", hosts->failures);
    for (const char *next; (next = strstr(message, BEFORE)); message = next) {
        const char *address = next + strlen(BEFORE), *name = NULL;
        size_t length = strcspn(address, "\"");
        for (const char *at = hosts->addresses ? hosts->addresses : ""; *at && !name;
             at += at[strcspn(at, ",")] ? strcspn(at, ",") + 1 : strlen(at))
            if (length && strcspn(at, ",") == length && strncmp(at, address, length) == 0)
                name = same_item(hosts->names, hosts->addresses, at);
        next = address + length;
        text = name ? postgres_text(call, "%s%.*s%.*s\" (%.*s)", text, (int)(address - message), message, (int)strcspn(name, ","), name,
                                    (int)length, address)
                    : postgres_text(call, "%s%.*s", text, (int)(next - message), message);
        next += name && *next == '"';
    }
    return postgres_text(call, "%s%s", text, message);
}
