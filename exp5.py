exec(open('/tmp/h6/common.py').read())
from pgwire import Connection, query
import socket, subprocess
with federation(csv_rows=3000) as (source, medley, d):
    source.psql("-q","-c","CREATE TABLE big AS SELECT i AS id, 'n'||i AS name, repeat('x',100) AS pad FROM generate_series(1,300000) i; ANALYZE big")
    c=connect(medley); cur=c.cursor()
    cur.execute("CREATE FOREIGN TABLE big (id int, name text, pad text) SERVER src")
    cur.execute("SELECT count(*) FROM big")
    ks=[]
    for i in range(64):
        k=Connection(medley); k.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096); k.start(application_name='deaf'); k.send(query("SELECT b.*, n.text FROM notes n JOIN big b USING (id)")); ks.append(k)
    time.sleep(3); state(medley,'x')
    show(cur,"SELECT state, count(*) FROM pg_stat_activity WHERE application_name='deaf' GROUP BY 1")
    th=threading.Thread(target=lambda: show(cur,"SELECT count(*) FROM notes", 'answers')); th.start(); time.sleep(1)
    p=medley.process.pid
    subprocess.run(f"timeout 40 gdb -p {p} -batch -ex 'thread apply all bt 12' > /tmp/h6/stacks.txt 2>&1", shell=True)
    print(subprocess.run(f"for t in /proc/{p}/task/*; do cat $t/wchan; echo; done | sort | uniq -c", shell=True, capture_output=True, text=True).stdout)
    th.join(40)
