# Perl's DBI with DBD::Pg at work; prints one line a result. client/scripting.py runs it on both servers.
use strict;
use warnings;
use DBI;
use DBD::Pg qw(:pg_types :async);

binmode STDOUT, ':utf8';
my $dsn = "dbi:Pg:dbname=postgres;host=$ENV{PGHOST};port=$ENV{PGPORT}";

sub show {
    my ($value) = @_;
    return 'undef' unless defined $value;
    return '[' . join(', ', map { show($_) } @$value) . ']' if ref $value eq 'ARRAY';
    return '{' . join(', ', map { "$_ => " . show($value->{$_}) } sort keys %$value) . '}' if ref $value eq 'HASH';
    (my $text = $value) =~ s/([^ -~])/sprintf '\\x{%x}', ord $1/ge;
    return $text;
}

for my $way ({}, {pg_server_prepare => 0}, {pg_switch_prepared => 1, pg_placeholder_dollaronly => 0}) {
    my $db = DBI->connect($dsn, 'postgres', '', {RaiseError => 1, PrintError => 0, PrintWarn => 0, AutoCommit => 1, %$way});
    my $note = sub {
        my ($label, $call) = @_;
        my @answer = eval { $call->() };
        @answer = ('error', $db->state, $db->errstr) if $@;
        print "$label: ", show($_), "\n" for @answer;
    };
    my $all = sub {
        my ($sql, @params) = @_;
        my $statement = $db->prepare($sql);
        my $count = $statement->execute(@params);
        return ($count, $statement->{NUM_OF_FIELDS} ? ($statement->{NAME}, $statement->{TYPE}, $statement->{pg_type}, $statement->{PRECISION}, $statement->{SCALE}, $statement->{NULLABLE}, @{$statement->fetchall_arrayref}) : ());
    };
    for my $sql ('SELECT * FROM items WHERE id IN (7, 10) ORDER BY id', 'SELECT i.id, n.text FROM items i JOIN notes n USING (id) WHERE i.id < 4 ORDER BY 1', 'SELECT nosuch', 'SELECT 1 / 0',
        "SELECT '{{1,2},{3,NULL}}'::int[], ARRAY['a,b', 'c'], true, 1.50::numeric(5,2), 'x'::char(3), 'y'::varchar(9), '\\x00ff'::bytea, 'ok'::mood, now() - now(), 1::\"char\"", 'SHOW datestyle',
        'INSERT INTO kept VALUES (900, \'x\')', 'UPDATE kept SET t = t WHERE n < 5', 'DELETE FROM kept WHERE n = 900 RETURNING t') {
        $note->(substr($sql, 0, 25), sub { $all->($sql) });
    }
    for my $i (1 .. 4) {
        $note->('parameters', sub { $all->('SELECT id, name FROM items WHERE id = ? AND price > ?', $i, 1) });
        $note->('local', sub { $all->('SELECT n, ?::text, ?::int / (n - ?) FROM generate_series(1, 3) n ORDER BY n', "it's", 12, $i) });
    }
    $note->('numbered', sub { $all->('SELECT $2::int, $1::text, $2 + 1', 'a', 5) });
    $note->('a list', sub { $all->('SELECT id FROM items WHERE id = ANY(?) ORDER BY id', [1, 3, undef]) });
    $note->('too few', sub { $all->('SELECT ?, ?', 1) });
    $note->('bytes', sub { my $s = $db->prepare('SELECT ?::bytea, length(?)'); $s->bind_param($_, "\0\1\xff", {pg_type => PG_BYTEA}) for 1, 2; $s->execute; @{$s->fetchall_arrayref} });
    $note->('typed', sub { my $s = $db->prepare('SELECT ?, ?'); $s->bind_param(1, 5, {pg_type => PG_INT4}); $s->bind_param(2, 'x', DBI::SQL_VARCHAR); $s->execute; (@{$s->fetchall_arrayref}, $s->{pg_type}) });
    $note->('do', sub { ($db->do('INSERT INTO own (name) VALUES (?)', undef, 'dbi'), $db->last_insert_id(undef, undef, 'own', undef), $db->last_insert_id(undef, undef, undef, undef, {sequence => 'own_id_seq'})) });
    $note->('many', sub { my $s = $db->prepare('INSERT INTO kept VALUES (?, ?)'); my @status; $s->execute_array({ArrayTupleStatus => \@status}, [901, 902, 903], ['a', undef, 'c']); \@status });
    $note->('hashes', sub { $db->selectall_hashref('SELECT n, t FROM kept WHERE n > 900', 'n') });
    $note->('bound columns', sub { my ($n, $t, @got); my $s = $db->prepare('SELECT n, t FROM kept WHERE n > 900 ORDER BY n'); $s->execute; $s->bind_columns(\$n, \$t); push @got, [$n, $t] while $s->fetch; @got });
    $note->('a block', sub {
        $db->begin_work; $db->do("INSERT INTO kept VALUES (910, 'b')"); $db->pg_savepoint('p'); eval { $db->do('SELECT 1 / 0') }; my $state = $db->pg_ping;
        $db->pg_rollback_to('p'); $db->pg_release('p'); my $seen = $db->selectrow_array('SELECT count(*) FROM kept WHERE n = 910'); $db->rollback; ($state, $seen, $db->pg_ping) });
    $note->('a cursor', sub { $db->begin_work; $db->do('DECLARE c SCROLL CURSOR FOR SELECT id FROM items ORDER BY id'); my @got = map { $db->selectcol_arrayref($_) } 'FETCH 3 FROM c', 'FETCH LAST FROM c', 'FETCH BACKWARD 2 FROM c'; $db->commit; @got });
    $note->('copied out', sub { $db->do('COPY (SELECT id, name FROM items WHERE id < 4 ORDER BY id) TO STDOUT'); my (@got, $line); push @got, $line while $db->pg_getcopydata($line) >= 0; @got });
    $note->('copied in', sub { $db->do('COPY kept FROM STDIN'); $db->pg_putcopydata("92$_\tc\n") for 1 .. 3; ($db->pg_putcopyend, $db->selectrow_array('SELECT count(*) FROM kept WHERE n > 920')) });
    $note->('asked, and done something else', sub { $db->do('SELECT 5', {pg_async => PG_ASYNC}); ($db->pg_result, 1) });
    $note->('cancelled', sub { $db->do('SELECT count(*) FROM generate_series(1, 3000000) a, generate_series(1, 3000000) b', {pg_async => PG_ASYNC}); select undef, undef, undef, 0.2; ($db->pg_cancel ? 1 : 0) });
    for my $call (['table_info', undef, 'public', '%', undef], ['table_info', undef, 'public', '%', 'FOREIGN TABLE'], ['table_info', '', '%', '', ''], ['table_info', '', '', '', '%'], ['column_info', undef, 'public', 'own', '%'],
        ['column_info', undef, 'public', 'items', '%'], ['primary_key_info', undef, 'public', 'own'], ['foreign_key_info', undef, undef, undef, undef, 'public', 'child'], ['statistics_info', undef, 'public', 'child', 0, 0]) {
        my ($method, @arguments) = @$call;
        $note->("$method $arguments[2]", sub { my $s = $db->$method(@arguments); $s ? @{$s->fetchall_arrayref({})} : 'none' });
    }
    $note->('keys', sub { [$db->primary_key(undef, 'public', 'own')] });
    $note->('tables', sub { sort $db->tables(undef, 'public', '%', undef) });
    $note->('quoted', sub { ($db->quote("it's"), $db->quote_identifier('Odd "name'), $db->quote("\\x", {pg_type => PG_BYTEA})) });
    $note->('read only', sub { $db->{ReadOnly} = 1; $db->{AutoCommit} = 0; my @got = eval { $db->do('INSERT INTO kept VALUES (1)') }; my $state = $db->state; $db->rollback; $db->{AutoCommit} = 1; $db->{ReadOnly} = 0; ($state) });
    $note->('cleaned', sub { $db->do('DELETE FROM kept WHERE n >= 900') });
    $db->disconnect;
}
