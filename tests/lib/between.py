"""What stands between Medley and a source, and changes what the source says."""
import select
import socket
import threading


class Between:
    """Takes connections at a port of 127.0.0.1 and passes them on to the source. A subclass says what becomes of the source's bytes."""

    def __init__(self, source):
        self.path = f"{source.socket_dir}/.s.PGSQL.{source.port}"
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def change(self):
        """For a new connection: a function from what the source has sent to what Medley gets, and whether the connection goes on."""
        raise NotImplementedError

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(client, self.change()), daemon=True).start()

    def serve(self, client, change):
        with client, socket.socket(socket.AF_UNIX) as source:
            source.connect(self.path)
            goes_on = True
            while goes_on:
                for ready in select.select([client, source], [], [])[0]:
                    try:
                        data = ready.recv(65536)
                        if not data:
                            return
                        if ready is source:
                            data, goes_on = change(data)
                        (source if ready is client else client).sendall(data)
                    except OSError:
                        return
