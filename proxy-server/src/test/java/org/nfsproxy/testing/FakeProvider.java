package org.nfsproxy.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.BackendProvider;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.Notice;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.configuration.Hosts;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.Section;
import org.nfsproxy.nfs.Filehandle;

/** Backends that read {@code origin.host} and {@code origin.port} and reach nothing. */
public final class FakeProvider implements BackendProvider {
  private final String type;

  /** Made by ServiceLoader. */
  public FakeProvider() {
    this("fake");
  }

  /**
   * One that stands in for another.
   *
   * @param type the word that chooses it
   */
  public FakeProvider(String type) {
    this.type = type;
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public List<Key<?>> keys() {
    return List.of(
        Key.required("backend.origin.host", Hosts.HOST, "Where it would be."),
        Key.int32("backend.origin.port", 2049, 1, 65535, "Its port.", "Nothing listens."));
  }

  @Override
  public Backend create(Vertx vertx, Section configuration) {
    Section origin = configuration.section("origin");
    String host = origin.required("host", Hosts::isHost, "the name or IP address of the origin");
    return new FakeBackend(host, origin.integer("port", 2049, 1, 65535));
  }

  /**
   * What was read.
   *
   * @param host backend.origin.host
   * @param port backend.origin.port
   */
  public record FakeBackend(String host, int port) implements Backend {
    @Override
    public Future<Void> start() {
      return Future.succeededFuture();
    }

    @Override
    public List<ServedProgram> programs() {
      return List.of();
    }

    @Override
    public List<Notice> notices() {
      return List.of();
    }

    @Override
    public BackendSession open(ClientSide client) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion) {
      return Future.failedFuture("reaches nothing");
    }

    @Override
    public Future<Filehandle> parent(Filehandle directory, int nfsVersion) {
      return Future.failedFuture("reaches nothing");
    }

    @Override
    public Future<List<String>> exports() {
      return Future.succeededFuture(List.of());
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  }
}
