package org.nfsproxy.server.fakes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.server.Proxy;
import org.nfsproxy.server.configuration.ConfigurationException;
import org.nfsproxy.server.configuration.ConfigurationReader;
import org.nfsproxy.server.configuration.ConfigurationSource;
import org.nfsproxy.server.configuration.Configured;
import org.nfsproxy.server.configuration.Environment;
import org.nfsproxy.server.socket.InheritedSockets.Descriptor;
import org.nfsproxy.server.socket.InheritedTransport;

/** A whole proxy at a free port, before a fake origin. */
// Closing it fails the test if anything serious was logged meanwhile: peers may be as hostile as
// they like, what they do is no error of ours.
public final class ProxyUnderTest implements AutoCloseable {
  /** {@code mvn test -DjudgeOn=listeners} runs everything the other way. */
  private static final String JUDGE_ON = System.getProperty("judgeOn", "workers");

  private final Vertx vertx;
  private final Proxy proxy;
  private final SeriousEvents events;
  private final boolean isFaulty;

  private ProxyUnderTest(Vertx vertx, Proxy proxy, SeriousEvents events, boolean isFaulty) {
    this.isFaulty = isFaulty;
    this.vertx = vertx;
    this.proxy = proxy;
    this.events = events;
  }

  /** What a test sets; everything else is at its default. */
  public static final class Settings {
    private final JsonObject ports = new JsonObject();
    private final JsonObject origin =
        new JsonObject().put("host", "127.0.0.1").put("ports", ports).put("reservedPorts", "never");
    private final JsonObject limits = new JsonObject().put("drainMillis", 100);
    private String identity = "own";
    private final JsonObject listen = new JsonObject().put("host", "127.0.0.1").put("port", 0);
    private final JsonObject top = new JsonObject();
    private final JsonObject calls = new JsonObject().put("judgeOn", JUDGE_ON);
    private List<Descriptor> inherited = List.of();
    private Path file;
    private UnaryOperator<Backend> asking = QuietBackend::new;
    private UnaryOperator<Backend> faults;

    private Settings(int originPort) {
      origin.put("port", originPort);
      ports.put("mount", originPort);
    }

    /**
     * Sets where the proxy listens.
     *
     * @param listenPort at the loopback address
     * @return this
     */
    public Settings port(int listenPort) {
      listen.put("port", listenPort);
      return this;
    }

    /**
     * Sets at which address the proxy listens.
     *
     * @param host the address
     * @return this
     */
    public Settings listenHost(String host) {
      listen.put("host", host);
      return this;
    }

    /**
     * Gives the proxy listening sockets, as a service manager does.
     *
     * @param sockets the descriptors
     * @return this
     */
    public Settings inheriting(List<Descriptor> sockets) {
      inherited = sockets;
      return this;
    }

    /**
     * Opens a port for balancers.
     *
     * @param headerMillis time for the header
     * @param trusted the balancers
     * @return this
     */
    public Settings balancers(int headerMillis, String... trusted) {
      listen.put(
          "proxyProtocol",
          new JsonObject()
              .put("trusted", new JsonArray(List.of(trusted)))
              .put("host", "127.0.0.1")
              .put("port", 0)
              .put("headerMillis", headerMillis));
      return this;
    }

    /**
     * Sets a section.
     *
     * @param key of the whole configuration
     * @param value its value
     * @return this
     */
    public Settings section(String key, JsonObject value) {
      top.put(key, value);
      return this;
    }

    /**
     * Sets {@code listen.tls}.
     *
     * @param tls its keys
     * @return this
     */
    public Settings tls(JsonObject tls) {
      listen.put("tls", tls);
      return this;
    }

    /**
     * Sets a bound.
     *
     * @param key below {@code limits}
     * @param value its value
     * @return this
     */
    public Settings limit(String key, long value) {
      limits.put(key, value);
      return this;
    }

    /**
     * Sets which threads judge.
     *
     * @param threads {@code workers} or {@code listeners}
     * @return this
     */
    public Settings judgeOn(String threads) {
      calls.put("judgeOn", threads);
      return this;
    }

    /**
     * Sets how calls are judged.
     *
     * @param key below {@code calls}
     * @param value its value
     * @return this
     */
    public Settings calls(String key, Object value) {
      calls.put(key, value);
      return this;
    }

    /**
     * Puts faults into the backend; what comes of them must be in the log.
     *
     * @param faults makes a faulty one of a good one
     * @return this
     */
    public Settings faulty(UnaryOperator<Backend> faults) {
      this.faults = faults;
      return this;
    }

    /**
     * Sets what is told about the origin.
     *
     * @param key below {@code backend.origin}
     * @param value its value
     * @return this
     */
    public Settings origin(String key, Object value) {
      origin.put(key, value);
      return this;
    }

    /**
     * Sets what clients take the proxy for.
     *
     * @param word {@code own} or {@code origin}
     * @return this
     */
    public Settings identity(String word) {
      identity = word;
      return this;
    }

    /**
     * Sends MOUNT's calls elsewhere.
     *
     * @param mount the origin that has them
     * @return this
     */
    public Settings mount(FakeOrigin mount) {
      ports.put("mount", mount.port());
      return this;
    }

    /**
     * Sets what becomes of the proxy's own questions; unless it is set, none is asked.
     *
     * @param backend made of the real one
     * @return this
     */
    public Settings asking(UnaryOperator<Backend> backend) {
      this.asking = backend;
      return this;
    }

    /**
     * Reads the settings from a file, looked at again every 20 ms.
     *
     * @param file what is set is written there
     * @return this
     */
    public Settings watched(Path file) {
      this.file = file;
      return this;
    }

    private static JsonObject openToAll() {
      JsonArray security = new JsonArray().add("none").add("sys").add("krb5").add("krb5p");
      return new JsonObject().put("squash", "none").put("security", security.add("krb5i"));
    }

    /**
     * Starts the proxy.
     *
     * @return the proxy
     * @throws Exception if it cannot be started
     */
    public ProxyUnderTest start() throws Exception {
      JsonObject json =
          new JsonObject()
              .put("listen", listen)
              .put(
                  "backend",
                  new JsonObject()
                      .put("type", "nfs")
                      .put("identity", identity)
                      .put("origin", origin))
              .put("limits", limits)
              .put("calls", calls)
              .put("exports", new JsonObject().put("parameters", openToAll()))
              .put("workers", 2)
              .put("listeners", 2)
              .mergeIn(top, true);
      SeriousEvents events = SeriousEvents.record();
      VertxOptions options = new VertxOptions().setPreferNativeTransport(true);
      Vertx vertx =
          inherited.isEmpty() ? Vertx.vertx(options) : InheritedTransport.vertx(options, inherited);
      try {
        return new ProxyUnderTest(vertx, started(vertx, json), events, faults != null);
      } catch (Exception failed) {
        events.end();
        await(vertx.close());
        throw failed;
      }
    }

    private Proxy started(Vertx vertx, JsonObject json) throws Exception {
      try {
        if (file != null) {
          json.put("reload", new JsonObject().put("scanMillis", 20));
          Files.writeString(file, json.encode());
        }
        ConfigurationReader reader = ConfigurationReader.ofClassPath(vertx);
        Configured read = reader.read(json);
        Backend backend = asking.apply(read.backend());
        Configured quiet =
            new Configured(
                read.proxy(),
                faults == null ? backend : faults.apply(backend),
                read.json(),
                read.warnings(),
                read.notOfTheFile());
        Proxy proxy = await(Proxy.start(vertx, quiet));
        ConfigurationSource source =
            new ConfigurationSource(
                vertx, reader, file, Environment.of(Map.of()), new JsonObject());
        proxy.watch(vertx, source, quiet);
        return proxy;
      } catch (ConfigurationException wrong) {
        throw new IllegalArgumentException(String.join("; ", wrong.mistakes()), wrong);
      }
    }
  }

  /**
   * A proxy before an origin.
   *
   * @param origin the origin
   * @return what else can be set
   */
  public static Settings before(FakeOrigin origin) {
    return before(origin.port());
  }

  /**
   * A proxy before a port.
   *
   * @param port where an origin is, was, or will be
   * @return what else can be set
   */
  public static Settings before(int port) {
    return new Settings(port);
  }

  /**
   * A client of this proxy.
   *
   * @return the client, connected
   * @throws IOException if it is not accepted
   */
  public RawClient connect() throws IOException {
    return RawClient.connect(proxy.port());
  }

  /**
   * The port.
   *
   * @return at the loopback address
   */
  public int port() {
    return proxy.port();
  }

  /**
   * The port for balancers.
   *
   * @return at the loopback address; -1 if there is none
   */
  public int balancerPort() {
    return proxy.proxyProtocolPort();
  }

  /**
   * The port of the administrator's pages.
   *
   * @return at the loopback address
   */
  public int adminPort() {
    return proxy.adminPort();
  }

  /**
   * Whether its sockets are Netty's native ones.
   *
   * @return false where the JVM's own serve
   */
  public boolean hasNativeTransport() {
    return vertx.isNativeTransportEnabled();
  }

  /**
   * Begins to stop the proxy.
   *
   * @return completes when it has stopped
   */
  public Future<Void> stop() {
    return proxy.stop();
  }

  /**
   * Client connections at this moment.
   *
   * @return how many
   */
  public int connections() {
    return proxy.connections();
  }

  /**
   * Bytes of calls that are held at this moment.
   *
   * @return how many
   */
  public long recordBytesHeld() {
    return proxy.recordBytesHeld();
  }

  /**
   * Waits for a future, or fails.
   *
   * @param future what to wait for
   * @param <T> its result
   * @return its result
   * @throws Exception if it failed
   */
  public static <T> T await(Future<T> future) throws Exception {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(Eventually.MILLIS_MAX, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws IOException {
    try {
      await(proxy.stop());
      assertEquals(0, connections(), "connections that are left behind");
      assertEquals(0, recordBytesHeld(), "bytes that are held for nobody");
      await(vertx.close());
    } catch (Exception failed) {
      throw new IOException("the proxy under test did not stop", failed);
    }
    List<String> serious = events.end();
    if (isFaulty) {
      assertFalse(serious.isEmpty(), "a fault that nobody was told");
    } else {
      assertEquals(List.of(), serious);
    }
  }
}
