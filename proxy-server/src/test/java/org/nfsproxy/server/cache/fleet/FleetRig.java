package org.nfsproxy.server.cache.fleet;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.nfsproxy.backend.Fleet;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;
import org.nfsproxy.server.cache.Neighbourhood;
import org.nfsproxy.server.cache.Neighbourhood.Question;
import org.nfsproxy.server.cache.Neighbourhood.Word;
import org.nfsproxy.server.fakes.Eventually;

/** Several instances in one process, and what they say where Hazelcast would be. */
final class FleetRig implements AutoCloseable {
  static final byte[] SECRET =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  static final String ORIGIN = "nfs.example.com";

  /** An answer within seconds also on a busy machine; who is silent is told by other tests. */
  static final NeighbourBounds BOUNDS =
      new NeighbourBounds(
          TimeUnit.SECONDS.toNanos(5), TimeUnit.SECONDS.toNanos(10), 64, 1 << 18, 1 << 24, 16);

  /** An instance. */
  final class Instance {
    final String name;
    final FakeShelf shelf = new FakeShelf();
    final Neighbours neighbours;
    private final Vertx own = Vertx.vertx();

    Instance(String name, byte[] secret, NeighbourBounds bounds) throws Exception {
      this.name = name;
      Neighbours.Self self = new Neighbours.Self(name, ORIGIN, secret);
      neighbours =
          await(Neighbours.start(own, self, "127.0.0.1", 0, bounds, shelf, FleetRig.this::nanos));
    }

    /** Asks, and says what the first word is. */
    Answer ask(Question question) throws Exception {
      Answer answer = new Answer();
      neighbours.ask(question, answer);
      answer.word = await(answer.said.future());
      return answer;
    }

    long count(String measure) {
      return (long)
          neighbours.measures().stream()
              .filter(each -> each.name().equals("cache_neighbour_" + measure))
              .mapToDouble(Measure::value)
              .findFirst()
              .orElseThrow();
    }

    void close() throws Exception {
      await(neighbours.close());
      await(own.close());
    }
  }

  /** What became of a question. */
  static final class Answer implements Neighbourhood.Arrival {
    private final TreeMap<Long, byte[]> pieces = new TreeMap<>();
    final Promise<Word> said = Promise.promise();
    volatile boolean isEnded;
    volatile Word word = new Neighbourhood.Fetch(null);

    @Override
    public void said(Word word) {
      said.complete(word);
    }

    @Override
    public synchronized void arrived(FileVersion version, long offset, ByteBuf bytes) {
      pieces.put(offset, ByteBufUtil.getBytes(bytes));
    }

    @Override
    public void ended() {
      isEnded = true;
    }

    /** The bytes from an offset on, as far as they follow each other. */
    synchronized byte[] bytes(long from) {
      ByteBuf all = Unpooled.buffer();
      for (Map.Entry<Long, byte[]> each : pieces.entrySet()) {
        if (each.getKey() == from + all.readableBytes()) {
          all.writeBytes(each.getValue());
        }
      }
      return ByteBufUtil.getBytes(all);
    }

    byte[] wholeFrom(long from) throws Exception {
      Eventually.eventually("all has come", () -> isEnded);
      return bytes(from);
    }

    Neighbourhood.Grant grant() {
      if (word instanceof Neighbourhood.Fetch fetch && fetch.grant() != null) {
        return fetch.grant();
      }
      throw new AssertionError("no grant but " + word);
    }
  }

  private final Map<String, byte[]> said = new HashMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final List<Instance> instances = new ArrayList<>();

  private final AtomicLong aheadNanos = new AtomicLong();

  private long nanos() {
    return System.nanoTime() + aheadNanos.get();
  }

  /** Lets time pass at all instances. */
  void pass(long nanos) {
    aheadNanos.addAndGet(nanos);
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  Instance start(String name) throws Exception {
    return start(name, SECRET, BOUNDS);
  }

  /** One that does not know of others, nor they of it. */
  Instance startAlone(String name) throws Exception {
    return alone(name, SECRET, BOUNDS);
  }

  private Instance alone(String name, byte[] secret, NeighbourBounds bounds) throws Exception {
    Instance made = new Instance(name, secret, bounds);
    instances.add(made);
    return made;
  }

  Instance start(String name, byte[] secret, NeighbourBounds bounds) throws Exception {
    Instance made = alone(name, secret, bounds);
    made.neighbours.join(fleetOf(name));
    return made;
  }

  /** Some instances that are connected with each other. */
  List<Instance> startAll(String... names) throws Exception {
    for (String name : names) {
      start(name);
    }
    for (Instance each : instances) {
      Eventually.eventually(
          each.name + " reaches the others", () -> each.count("reached") == names.length - 1);
    }
    return instances;
  }

  /** Says that an instance is somewhere. */
  void say(String name, byte[] statement) {
    synchronized (said) {
      said.put(name, statement);
    }
    listeners.forEach(Runnable::run);
  }

  /** Takes an instance out, as the members' list does when one has left. */
  void leave(String name) {
    synchronized (said) {
      said.remove(name);
    }
    listeners.forEach(Runnable::run);
  }

  private Fleet fleetOf(String name) {
    return new Fleet() {
      @Override
      public String instance() {
        return name;
      }

      @Override
      public void say(String topic, byte[] statement) {
        FleetRig.this.say(name, statement);
      }

      @Override
      public Map<String, byte[]> heard(String topic) {
        synchronized (said) {
          return new HashMap<>(said);
        }
      }

      @Override
      public void onChange(String topic, Runnable listener) {
        listeners.add(listener);
      }
    };
  }

  /** A file whose first stretch is at home at an instance. */
  static FileKey fileAt(String home, String... names) {
    Homes homes = new Homes(List.of(names));
    for (int i = 0; ; i++) {
      if (home.equals(homes.of(Told.file(i), 0))) {
        return Told.file(i);
      }
    }
  }

  @Override
  public void close() throws Exception {
    for (Instance each : instances) {
      each.close();
    }
  }
}
