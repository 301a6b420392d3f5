package org.nfsproxy.server.locks;

import io.netty.buffer.ByteBufUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.locks.FakeLockd.Came;
import org.nfsproxy.server.locks.wire.NlmStatus;

/** Some instances before one fake origin, and a lock address that is where a test says. */
// All are at addresses of loopback's. That an address is gone they are told; connections from it
// would work on here, where the system of a real machine sends nothing any more.
final class InstancesRig implements AutoCloseable {
  static final String LOCK_ADDRESS = "127.0.0.9";
  static final String[] ADDRESSES = {"127.0.0.1", "127.0.0.6"};
  static final byte[] SECRET =
      "a secret of tests, of 32 characters".getBytes(StandardCharsets.US_ASCII);

  final Vertx vertx = Vertx.vertx();
  final FakeLockd origin = new FakeLockd(LockRig.ORIGIN, 0);
  final FakeSharedRecords shared = new FakeSharedRecords();
  final List<Instance> instances = new ArrayList<>();
  final int forwardPort;
  private final int clientPort;
  private int nextXid = 1000;

  /** Time that has passed beside the real one. */
  final AtomicLong passedNanos = new AtomicLong();

  /** Open while instances may look which addresses they have. */
  final Gate mayLook = new Gate();

  /** Lets through while it is open. */
  static final class Gate {
    private boolean isOpen = true;

    synchronized void open(boolean open) {
      isOpen = open;
      notifyAll();
    }

    synchronized void await(int secondsMax) {
      try {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(secondsMax);
        while (!isOpen && System.nanoTime() < end) {
          wait(1_000);
        }
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Instances that have the lock address. */
  final Set<Integer> having = ConcurrentHashMap.newKeySet();

  InstancesRig(Path directory) throws IOException {
    try (FakeLockd any = new FakeLockd(LockRig.CLIENT_A, 0);
        ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(LOCK_ADDRESS))) {
      clientPort = any.port();
      forwardPort = free.getLocalPort();
    }
    origin.answers = call -> out -> out.opaque(LockRig.COOKIE).int32(NlmStatus.GRANTED);
    for (int i = 0; i < ADDRESSES.length; i++) {
      instances.add(new Instance(i, directory.resolve("instance" + i)));
    }
  }

  static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (IOException wrong) {
      throw new AssertionError(wrong);
    }
  }

  final class Instance {
    final int number;
    final Path directory;
    final FakeSharedRecords.View records;
    byte[] secret = SECRET;
    LockService service;

    Instance(int number, Path directory) {
      this.number = number;
      this.directory = directory;
      this.records = shared.new View("member-" + number);
    }

    Instance start() {
      service = LockRig.await(begin().recover(taken -> begin()));
      return this;
    }

    private Future<LockService> begin() {
      LockSettings settings =
          new LockSettings(
              ADDRESSES[number],
              0,
              0,
              directory,
              address(LOCK_ADDRESS),
              null,
              new LockBounds(16, 1000, 1000, 1 << 20, 16, 1 << 20, 1 << 20, 1 << 20, 16, 4, 64));
      LockInstances all =
          new LockInstances(
              "instance-" + number,
              "http://page-" + number + "/",
              address(LOCK_ADDRESS),
              forwardPort,
              secret,
              records);
      LockJudge judge =
          (call, record, client, handle, writes) ->
              Future.succeededFuture(
                  new LockVerdict.Allowed(
                      call.flavor(),
                      ByteBufUtil.getBytes(
                          record, call.credentialAt(), call.credentialLength(), true)));
      return LockService.start(
          vertx,
          settings,
          new LockRig.Origin(vertx, origin, ADDRESSES[number]),
          judge,
          all,
          addresses(),
          clientPort,
          () -> System.nanoTime() + passedNanos.get());
    }

    private Supplier<Set<InetAddress>> addresses() {
      return () -> {
        mayLook.await(60);
        Set<InetAddress> own = new HashSet<>(Set.of(address(ADDRESSES[number])));
        if (having.contains(number)) {
          own.add(address(LOCK_ADDRESS));
        }
        return own;
      };
    }

    boolean isOwner() {
      return service.owner().place() == LockService.Place.HERE;
    }

    boolean isConnected() {
      return service.owner().place() == LockService.Place.ELSEWHERE;
    }

    LockSocket client(String from) {
      return LockSocket.connect(from, ADDRESSES[number], service.port());
    }

    LockSocket monitor(String from) {
      return LockSocket.connect(from, ADDRESSES[number], service.nsmPort());
    }

    List<HeldLock> held() {
      return LockRig.await(service.list());
    }

    void stop() {
      LockRig.await(service.close());
      service = null;
    }
  }

  Instance instance(int number) {
    return instances.get(number);
  }

  /** Both run, and the first is the owner. */
  InstancesRig start() {
    having.add(0);
    instances.forEach(Instance::start);
    awaitOwner(0);
    return this;
  }

  /** Moves the address, and waits until all know. */
  void move(int to) {
    having.clear();
    having.add(to);
    awaitOwner(to);
  }

  void awaitOwner(int number) {
    for (Instance each : instances) {
      if (each.service != null) {
        Eventually.eventually(
            "instance " + number + " is the owner, and " + each.number + " knows",
            () -> each.number == number ? each.isOwner() : each.isConnected());
      }
    }
  }

  /** The next call of a procedure that comes to the origin; those before it are passed over. */
  Came next(int procedure) throws InterruptedException {
    Came came = origin.next();
    while (came.procedure() != procedure) {
      came = origin.next();
    }
    return came;
  }

  FakeLockd lockdOf(String client) throws IOException {
    return new FakeLockd(client, clientPort);
  }

  void answerStatus(int status) {
    origin.answers = call -> out -> out.opaque(LockRig.COOKIE).int32(status);
  }

  byte[] lock(int svid, long offset, boolean block) {
    return LockRig.lockCall(nextXid++, svid, offset, block, false);
  }

  byte[] reclaim(int svid, long offset) {
    return LockRig.lockCall(nextXid++, svid, offset, false, true);
  }

  byte[] unlock(int svid, long offset) {
    return LockSocket.call(
        nextXid++,
        LockSocket.NLM,
        4,
        4,
        LockRig.ALICE,
        out -> LockRig.lock(svid, offset, 1).accept(out.opaque(LockRig.COOKIE)));
  }

  @Override
  public void close() throws Exception {
    for (Instance each : instances) {
      if (each.service != null) {
        each.stop();
      }
    }
    origin.close();
    LockRig.await(vertx.close());
  }
}
