package org.nfsproxy.backend.nfs.questions;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * A server that says what it is told to say, and remembers what it was asked. Reads calls as single
 * fragments, which is what the client under test sends.
 */
public final class AnsweringOrigin implements AutoCloseable {
  /** What one call gets. */
  interface Script {
    /** Writes to the connection whatever it likes, or nothing; an IOException closes it. */
    void play(int xid, XdrReader arguments, DataOutputStream out) throws IOException;
  }

  record Key(int program, int version, int procedure) {}

  private final ServerSocket listener;
  private final Map<Key, Script> scripts = new ConcurrentHashMap<>();
  private final List<Socket> sockets = Collections.synchronizedList(new ArrayList<>());
  private final List<Key> asked = Collections.synchronizedList(new ArrayList<>());

  /** The bodies of the calls' credentials, in hexadecimal digits. */
  final List<String> credentials = Collections.synchronizedList(new ArrayList<>());

  private final Thread accepting;

  AnsweringOrigin() throws IOException {
    this(0);
  }

  /** Listens on a port, or on any free one: 0. */
  public AnsweringOrigin(int port) throws IOException {
    listener = new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
    accepting = start(this::acceptAll);
  }

  private static Thread start(Runnable work) {
    Thread thread = new Thread(work, "fake-origin");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      while (true) {
        byte[] record = new byte[in.readInt() & 0x7fff_ffff];
        in.readFully(record);
        answer(Unpooled.wrappedBuffer(record), out);
      }
    } catch (IOException closed) {
      // by either side
    }
  }

  private void answer(ByteBuf record, DataOutputStream out) throws IOException {
    Call call = new Call();
    if (call.read(record, 0, record.readableBytes()) != Call.Form.CALL) {
      throw new IOException("no call");
    }
    Key key = new Key(call.program(), call.version(), call.procedure());
    asked.add(key);
    credentials.add(ByteBufUtil.hexDump(record, call.credentialAt(), call.credentialLength()));
    XdrReader arguments = new XdrReader().reset(record, call.argumentsAt(), call.end());
    Script unavailable = acceptedAs(3, reply -> {});
    scripts.getOrDefault(key, unavailable).play(call.xid(), arguments, out);
  }

  public int port() {
    return listener.getLocalPort();
  }

  AnsweringOrigin on(int program, int version, int procedure, Script script) {
    scripts.put(new Key(program, version, procedure), script);
    return this;
  }

  int calls() {
    return asked.size();
  }

  int calls(int program, int version, int procedure) {
    return Collections.frequency(List.copyOf(asked), new Key(program, version, procedure));
  }

  int connections() {
    return sockets.size();
  }

  /** Replies with these results. */
  static Script success(Consumer<XdrWriter> results) {
    return acceptedAs(0, results);
  }

  /** Accepts the call with a status and what follows it. */
  static Script acceptedAs(int status, Consumer<XdrWriter> rest) {
    return (xid, arguments, out) -> {
      Consumer<XdrWriter> header =
          reply -> reply.int32(xid).int32(1).int32(0).int32(0).int32(0).int32(status);
      send(out, bytes(header.andThen(rest)));
    };
  }

  /** PROG_MISMATCH. */
  static Script mismatch(int low, int high) {
    return acceptedAs(2, reply -> reply.int32(low).int32(high));
  }

  /** MSG_DENIED, AUTH_ERROR. */
  static Script authError(int why) {
    return (xid, arguments, out) ->
        send(out, bytes(reply -> reply.int32(xid).int32(1).int32(1).int32(1).int32(why)));
  }

  static Script silence() {
    return (xid, arguments, out) -> {};
  }

  static Script closing() {
    return (xid, arguments, out) -> {
      throw new IOException("as told");
    };
  }

  /** Waits for the latch before it goes on. */
  static Script after(CountDownLatch latch, Script then) {
    return (xid, arguments, out) -> {
      try {
        latch.await();
      } catch (InterruptedException interrupted) {
        throw new IOException(interrupted);
      }
      then.play(xid, arguments, out);
    };
  }

  static void send(DataOutputStream out, byte[] message) throws IOException {
    out.writeInt(0x8000_0000 | message.length);
    out.write(message);
  }

  static byte[] bytes(Consumer<XdrWriter> writing) {
    ByteBuf buffer = Unpooled.buffer();
    writing.accept(new XdrWriter(buffer));
    return ByteBufUtil.getBytes(buffer);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    try {
      accepting.join(10_000); // until then the kernel listens on
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
    for (Socket socket : List.copyOf(sockets)) {
      socket.close();
    }
  }
}
