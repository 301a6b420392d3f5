"""tls_targets - what `compare --tls` measures besides: the proxy with TLS on either leg and on both, stunnel and haproxy.

NFS-Ganesha speaks no TLS. Where a target speaks TLS to the origin, another proxy stands before Ganesha and ends it
(answering the question of RFC 9289), or another stunnel; their CPU is not the target's. So throughput of these targets
says nothing, CPU does.

Certificates are of P-256 (ECDSA), as docs/guide/tls.md makes them. Everything speaks TLS 1.3 with the cipher that the
proxy prefers; the load generator offers no other. stunnel and haproxy begin TLS at once, without a question."""
import os, shutil, subprocess, time

ORIGIN, MOUNT = 12049, 12048
CIPHER = "TLS_AES_128_GCM_SHA256"


def build_load_generator(source, patch, build):
    """The load generator with TLS, in place of the one without."""
    here = os.path.join(build, "nfsload.c")
    shutil.copyfile(source, here)
    os.chmod(here, 0o644)
    for command in (["patch", "-s", here, patch], ["cc", "-O2", "-g", "-DTLS", "-o", os.path.join(build, "nfsload"), here, "-lssl", "-lcrypto"]):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"no load generator with TLS: `{' '.join(command)}` says\n{done.stdout}{done.stderr}"
                             "It needs cc, patch and libssl-dev (Debian), and the nfsload.c that nfsload-tls.patch was made for.")


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def certificates(work):
    """A CA and a certificate for 127.0.0.1 that it signed: paths by name."""
    path = {name: os.path.join(work, name) for name in ("ca.key", "ca.pem", "own.key", "own.csr", "own.pem", "both.pem")}
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc")
    openssl("req", "-x509", *key, "-days", "2", "-subj", "/CN=compare", "-keyout", path["ca.key"], "-out", path["ca.pem"])
    openssl("req", *key, "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
            "-keyout", path["own.key"], "-out", path["own.csr"])
    openssl("x509", "-req", "-in", path["own.csr"], "-CA", path["ca.pem"], "-CAkey", path["ca.key"], "-days", "2",
            "-copy_extensions", "copy", "-out", path["own.pem"])
    with open(path["both.pem"], "w") as both:
        for name in ("own.pem", "own.key"):
            with open(path[name]) as part:
                both.write(part.read())
    return path


def listening(port):
    return subprocess.run(["ss", "-Hltn", f"sport = :{port}"], capture_output=True).stdout


class Rig:
    """Starts targets. `start_proxy` is compare's; `started` gets the processes that are to be ended."""

    def __init__(self, work, start_proxy, started):
        self.work, self.start_proxy, self.started = work, start_proxy, started
        self.path = certificates(work)
        os.environ["NFSLOAD_CIPHERS"] = CIPHER

    def clients_leg(self):
        return {"mode": "offer", "certificate": self.path["own.pem"], "key": self.path["own.key"], "clients": "none"}

    def origin_leg(self, port):
        return {"origin": {"host": "127.0.0.1", "port": port, "ports": {"mount": MOUNT}, "reservedPorts": "never",
                           "tls": {"mode": "require", "ca": self.path["ca.pem"]}}}

    def origin_end(self, port):
        """The origin's end of TLS: a proxy that no figure counts."""
        self.start_proxy("origin's end of TLS", port, "listeners", more={
            "listen": {"host": "127.0.0.1", "port": port, "tls": self.clients_leg()}})

    def proxies(self, mode, port, end, jar=None, prefix=""):
        """With TLS on the clients' leg, the origin's, and both."""
        inside = {"listen": {"host": "127.0.0.1", "port": port, "tls": self.clients_leg()}}
        both = {"listen": {"host": "127.0.0.1", "port": port + 2, "tls": self.clients_leg()}, "backend": self.origin_leg(end)}
        return [(*self.start_proxy(f"{prefix}{mode}, TLS to clients", port, mode, jar=jar, more=inside), "rpc"),
                (*self.start_proxy(f"{prefix}{mode}, TLS to the origin", port + 1, mode, jar=jar,
                                   more={"backend": self.origin_leg(end)}), ""),
                (*self.start_proxy(f"{prefix}{mode}, TLS on both", port + 2, mode, jar=jar, more=both), "rpc")]

    def wait(self, name, port, process):
        self.started.append(process)
        for _ in range(200):
            if listening(port):
                return process.pid
            time.sleep(0.05)
        raise SystemExit(f"{name} does not listen, see {self.work}/{name}.log")

    def run(self, name, port, command, config):
        path = os.path.join(self.work, name + ".conf")
        with open(path, "w") as f:
            f.write(config)
        log = open(os.path.join(self.work, name + ".log"), "w")
        return self.wait(name, port, subprocess.Popen([*command, path], stdin=subprocess.DEVNULL, stdout=log, stderr=log))

    def stunnel(self, port, to_origin_port):
        """One that ends clients' TLS, and one that begins TLS to it."""
        common = f"ciphersuites = {CIPHER}\nforeground = yes\nsyslog = no\ndebug = warning\npid =\nsslVersion = TLSv1.3\nsocket = l:TCP_NODELAY=1\nsocket = r:TCP_NODELAY=1\n"
        server = self.run("stunnel", port, ["stunnel4"], common
                          + f"[nfs]\naccept = 127.0.0.1:{port}\nconnect = 127.0.0.1:{ORIGIN}\ncert = {self.path['both.pem']}\n")
        client = self.run("stunnel-to-the-origin", to_origin_port, ["stunnel4"], common
                          + f"[nfs]\nclient = yes\naccept = 127.0.0.1:{to_origin_port}\nconnect = 127.0.0.1:{port}\n"
                          + f"CAfile = {self.path['ca.pem']}\nverifyChain = yes\n")
        return [("stunnel", str(port), str(MOUNT), server, "now"),
                ("stunnel to the origin", str(to_origin_port), str(MOUNT), client, "")]

    def haproxy(self, port):
        config = (f"global\n  nbthread 2\n  maxconn 4000\n  ssl-default-bind-ciphersuites {CIPHER}\n  ssl-default-bind-options ssl-min-ver TLSv1.3\ndefaults\n  mode tcp\n  timeout connect 5s\n"
                  "  timeout client 1h\n  timeout server 1h\nlisten nfs\n"
                  f"  bind 127.0.0.1:{port} ssl crt {self.path['both.pem']}\n  server o 127.0.0.1:{ORIGIN}\n")
        pid = self.run("haproxy-with-TLS", port, ["haproxy", "-db", "-f"], config)
        return [("haproxy with TLS", str(port), str(MOUNT), pid, "now")]
