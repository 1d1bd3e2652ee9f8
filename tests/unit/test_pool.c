/* test_pool.c - pools and sessions of remote connections, over a module that only counts. */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "unit.h"
#include "wrapper/wrapper.h"

/* ---- a module whose connections are numbers ---- */

struct FdwConnection {
    int number;
    bool dead, begun;
    const char *snapshot;
};

static atomic_int opened, closed, most, open_now, begun, committed, rolled_back, cancelled;
static atomic_bool refuse, die;

static FdwConnection *counted_connect(FdwCall *call, const FdwConnectInfo *info)
{
    if (refuse && open_now > 0) {
        FdwError error = {.sqlstate = "08001", .message = "refused"};
        call->host->fail(call, &error);
        return NULL;
    }
    FdwConnection *connection = call->host->alloc(call, sizeof *connection);
    connection->number = ++opened;
    int now = ++open_now;
    if (now > most)
        most = now;
    return connection;
}

static void counted_disconnect(FdwConnection *connection)
{
    closed++;
    open_now--;
}

static bool counted_alive(FdwConnection *connection)
{
    return !die;
}

static void counted_cancel(FdwConnection *connection)
{
    cancelled++;
}

static bool counted_begin(FdwCall *call, FdwConnection *connection, const char *snapshot)
{
    begun++;
    connection->begun = true;
    connection->snapshot = snapshot ? "shared" : "own";
    return true;
}

static const char *counted_export(FdwCall *call, FdwConnection *connection)
{
    return "snapshot-1";
}

static bool counted_commit(FdwCall *call, FdwConnection *connection)
{
    committed++;
    connection->begun = false;
    return true;
}

static bool counted_rollback(FdwCall *call, FdwConnection *connection)
{
    rolled_back++;
    connection->begun = false;
    return true;
}

static const FdwModule COUNTED = {
    .name = "counted",
    .connect = counted_connect,
    .disconnect = counted_disconnect,
    .is_alive = counted_alive,
    .cancel = counted_cancel,
    .begin = counted_begin,
    .export_snapshot = counted_export,
    .commit = counted_commit,
    .rollback = counted_rollback,
};

typedef struct Fixture {
    Arena *arena;
    Error error;
    WrapperHost *host;
    RemoteSession *session;
    CatServer server;
    FdwOptionValue option;
    RemoteTarget target;
} Fixture;

static atomic_bool wants_cancel;

static bool is_cancelled(void *arg)
{
    return wants_cancel;
}

static void set_up(Fixture *fixture, const char *cap)
{
    opened = closed = most = open_now = begun = committed = rolled_back = cancelled = 0;
    refuse = die = wants_cancel = false;
    fixture->arena = arena_open(NULL);
    error_init(&fixture->error, fixture->arena);
    fixture->host = wrapper_host_open("/nonexistent", NULL, fixture->arena);
    fixture->session = remote_session_open(fixture->host, fixture->arena, is_cancelled, NULL, NULL);
    fixture->server = (CatServer){.oid = 1, .name = "s"};
    fixture->option = (FdwOptionValue){"max_connections", cap};
    fixture->target = (RemoteTarget){.server = &fixture->server, .module = &COUNTED, .key = {1}};
    fixture->target.info.server_options = (FdwOptions){&fixture->option, 1};
}

static void tear_down(Fixture *fixture)
{
    remote_session_close(fixture->session);
    wrapper_host_close(fixture->host);
    CHECK(open_now == 0 && opened == closed);
    arena_close(fixture->arena);
}

static RemoteConnection **acquire(Fixture *fixture, int wished, bool in_transaction, int *given)
{
    RemoteWant want = {.target = &fixture->target, .connections = wished};
    if (!remote_acquire(fixture->session, &want, 1, in_transaction, fixture->arena, &fixture->error))
        return NULL;
    *given = want.ngiven;
    return want.given;
}

/* ---- tests ---- */

static void connections_are_reused(void)
{
    Fixture fixture;
    set_up(&fixture, "4");
    int given;
    for (int i = 0; i < 5; i++) {
        RemoteConnection **connections = acquire(&fixture, 1, false, &given);
        CHECK(connections && given == 1);
        remote_release(fixture.session, connections[0], false);
    }
    CHECK(opened == 1 && begun == 0);
    tear_down(&fixture);
}

static void a_broken_or_dead_connection_is_not(void)
{
    Fixture fixture;
    set_up(&fixture, "4");
    int given;
    remote_release(fixture.session, acquire(&fixture, 1, false, &given)[0], true);
    remote_release(fixture.session, acquire(&fixture, 1, false, &given)[0], false);
    CHECK(opened == 2 && closed == 1);
    die = true;
    remote_release(fixture.session, acquire(&fixture, 1, false, &given)[0], false);
    CHECK(opened == 3 && closed == 2);
    tear_down(&fixture);
}

static void wishes_stop_at_the_cap(void)
{
    Fixture fixture;
    set_up(&fixture, "3");
    int given;
    RemoteConnection **connections = acquire(&fixture, 8, false, &given);
    CHECK(connections && given == 3 && most == 3);
    for (int i = 0; i < given; i++)
        remote_release(fixture.session, connections[i], false);
    tear_down(&fixture);
}

static void what_can_never_be_had_is_refused_at_once(void)
{
    Fixture fixture;
    set_up(&fixture, "1");
    RemoteWant wants[2] = {{.target = &fixture.target, .connections = 1}, {.target = &fixture.target, .connections = 1}};
    CHECK(!remote_acquire(fixture.session, wants, 2, false, fixture.arena, &fixture.error));
    CHECK_STR(fixture.error.sqlstate, "53300");
    CHECK_STR(fixture.error.message, "too many connections to server \"s\"");
    CHECK(opened == 0);
    tear_down(&fixture);
}

static void waiting_ends_when_cancelled(void)
{
    Fixture fixture;
    set_up(&fixture, "1");
    int given;
    RemoteConnection *held = acquire(&fixture, 1, false, &given)[0];
    wants_cancel = true;
    CHECK(!acquire(&fixture, 1, false, &given));
    CHECK_STR(fixture.error.sqlstate, "57014");
    wants_cancel = false;
    remote_release(fixture.session, held, false);
    tear_down(&fixture);
}

static void an_extra_connection_may_fail(void)
{
    Fixture fixture;
    set_up(&fixture, "4");
    refuse = true;
    int given;
    RemoteConnection **connections = acquire(&fixture, 3, false, &given);
    CHECK(connections && given == 1 && !error_is_set(&fixture.error));
    remote_release(fixture.session, connections[0], false);
    tear_down(&fixture);
}

static void several_connections_of_a_statement_share_a_snapshot(void)
{
    Fixture fixture;
    set_up(&fixture, "4");
    int given;
    RemoteConnection **connections = acquire(&fixture, 3, false, &given);
    CHECK(given == 3 && begun == 3);
    int own = 0;
    for (int i = 0; i < given; i++)
        own += strcmp(connections[i]->connection->snapshot, "own") == 0;
    CHECK(own == 1);
    for (int i = 0; i < given; i++)
        remote_release(fixture.session, connections[i], false);
    CHECK(committed == 3);
    tear_down(&fixture);
}

static void a_transaction_keeps_one_connection_and_its_snapshot(void)
{
    Fixture fixture;
    set_up(&fixture, "4");
    int given;
    RemoteConnection *first = acquire(&fixture, 1, true, &given)[0];
    FdwConnection *anchor = first->connection;
    remote_release(fixture.session, first, false);
    CHECK(begun == 1 && committed == 0);
    RemoteConnection *again = acquire(&fixture, 1, true, &given)[0];
    CHECK(again->connection == anchor && begun == 1);
    RemoteConnection *beside = acquire(&fixture, 1, true, &given)[0];
    CHECK(beside->connection != anchor && begun == 2);
    CHECK_STR(beside->connection->snapshot, "shared");
    remote_release(fixture.session, beside, false);
    remote_release(fixture.session, again, false);
    CHECK(committed == 1);
    CHECK(remote_commit(fixture.session, &fixture.error) && committed == 2);
    remote_release(fixture.session, acquire(&fixture, 1, true, &given)[0], false);
    CHECK(begun == 3 && opened == 2);
    remote_rollback(fixture.session);
    CHECK(rolled_back == 1);
    tear_down(&fixture);
}

static void a_lost_snapshot_is_not_replaced(void)
{
    Fixture fixture;
    set_up(&fixture, "4");
    int given;
    remote_release(fixture.session, acquire(&fixture, 1, true, &given)[0], true);
    CHECK(!acquire(&fixture, 1, true, &given));
    CHECK_STR(fixture.error.sqlstate, "08006");
    remote_rollback(fixture.session);
    RemoteConnection **connections = acquire(&fixture, 1, true, &given);
    CHECK(connections != NULL);
    remote_release(fixture.session, connections[0], false);
    tear_down(&fixture);
}

static void a_cancelled_connection_is_closed(void)
{
    Fixture fixture;
    set_up(&fixture, "4");
    int given;
    RemoteConnection *connection = acquire(&fixture, 1, false, &given)[0];
    remote_cancel(fixture.session);
    CHECK(cancelled == 1);
    remote_release(fixture.session, connection, false);
    CHECK(closed == 1);
    remote_cancel(fixture.session);
    CHECK(cancelled == 1);
    tear_down(&fixture);
}

static void changed_options_make_another_pool(void)
{
    Fixture fixture;
    set_up(&fixture, "4");
    int given;
    remote_release(fixture.session, acquire(&fixture, 1, false, &given)[0], false);
    fixture.target.key[0] = 2;
    remote_release(fixture.session, acquire(&fixture, 1, false, &given)[0], false);
    CHECK(opened == 2 && closed == 1);
    tear_down(&fixture);
}

static void *take_and_release(void *arg)
{
    Fixture *fixture = arg;
    Arena *arena = arena_open(NULL);
    RemoteSession *session = remote_session_open(fixture->host, arena, NULL, NULL, NULL);
    for (int i = 0; i < 200; i++) {
        Error error;
        error_init(&error, arena);
        RemoteWant wants[2] = {{.target = &fixture->target, .connections = 1}, {.target = &fixture->target, .connections = 2}};
        if (!remote_acquire(session, wants, 2, false, arena, &error)) {
            arena_close(arena);
            return "failed";
        }
        for (int w = 0; w < 2; w++)
            for (int c = 0; c < wants[w].ngiven; c++)
                remote_release(session, wants[w].given[c], i % 7 == 0);
    }
    remote_session_close(session);
    arena_close(arena);
    return NULL;
}

static void threads_never_exceed_the_cap_nor_block_each_other(void)
{
    Fixture fixture;
    set_up(&fixture, "3");
    pthread_t threads[6];
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        pthread_create(&threads[i], NULL, take_and_release, &fixture);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        CHECK(failed == NULL);
    }
    CHECK(most <= 3);
    tear_down(&fixture);
}

int main(void)
{
    RUN(connections_are_reused);
    RUN(a_broken_or_dead_connection_is_not);
    RUN(wishes_stop_at_the_cap);
    RUN(what_can_never_be_had_is_refused_at_once);
    RUN(waiting_ends_when_cancelled);
    RUN(an_extra_connection_may_fail);
    RUN(several_connections_of_a_statement_share_a_snapshot);
    RUN(a_transaction_keeps_one_connection_and_its_snapshot);
    RUN(a_lost_snapshot_is_not_replaced);
    RUN(a_cancelled_connection_is_closed);
    RUN(changed_options_make_another_pool);
    RUN(threads_never_exceed_the_cap_nor_block_each_other);
    return UNIT_RESULT();
}
