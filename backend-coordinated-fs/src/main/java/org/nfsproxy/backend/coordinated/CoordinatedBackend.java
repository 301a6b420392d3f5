package org.nfsproxy.backend.coordinated;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.Remark;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.backend.coordinated.engine.Engine;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.Caller;
import org.nfsproxy.backend.coordinated.files.Export;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.Found;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.namespace.RootedFiles;
import org.nfsproxy.nfs.Filehandle;

/** Executes calls on files instead of forwarding them. All file work is done on workers. */
public final class CoordinatedBackend implements Backend {
  private static final byte[] PARENT = "..".getBytes(StandardCharsets.US_ASCII);

  /**
   * Calls executed at once, each of which may wait for a disk. Linux's nfsd has 8 threads by
   * default; these also answer the proxy's own questions.
   */
  private static final int WORKERS = 16;

  private final Files files;
  private final Files rooted;
  private final Engine engine;
  private final WorkerExecutor workers;

  /**
   * A backend over files.
   *
   * @param vertx the runtime
   * @param files what is served
   */
  public CoordinatedBackend(Vertx vertx, Files files) {
    this.files = files;
    this.rooted = RootedFiles.over(files);
    this.engine = Engines.over(files);
    this.workers =
        vertx.createSharedWorkerExecutor(
            "coordinated-fs-" + System.identityHashCode(this), WORKERS);
  }

  @Override
  public Future<Void> start() {
    return Future.succeededFuture();
  }

  @Override
  public List<ServedProgram> programs() {
    return engine.programs();
  }

  @Override
  public List<Remark> remarks() {
    return Stream.concat(
            files.exports().stream().map(export -> new Remark(false, "serves " + export.path())),
            engine.remarks().stream())
        .toList();
  }

  @Override
  public BackendSession open(ClientSide client) {
    return new CoordinatedSession(engine, workers, client);
  }

  @Override
  public Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion) {
    return ask(
        () -> {
          Attributes attributes = seenBy(nfsVersion).attributes(ObjectHandle.read(handle.bytes()));
          return new ObjectIdentity(
              attributes.fsid(), 0, attributes.fileid(), attributes.type().number());
        });
  }

  @Override
  public Future<Filehandle> parent(Filehandle directory, int nfsVersion) {
    return ask(
        () -> {
          Found above =
              seenBy(nfsVersion)
                  .lookup(Caller.ROOT, ObjectHandle.read(directory.bytes()), PARENT.clone());
          return Filehandle.of(above.handle().wire());
        });
  }

  @Override
  public Future<List<String>> exports() {
    return ask(() -> files.exports().stream().map(Export::path).toList());
  }

  /** In NFSv4 there are directories above the exports. */
  private Files seenBy(int nfsVersion) {
    return nfsVersion < 4 ? files : rooted;
  }

  private <T> Future<T> ask(Callable<T> question) {
    return workers
        .executeBlocking(question, false)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof FilesException refused
                        ? new NfsStatusException(refused.status().number())
                        : failure));
  }

  @Override
  public Future<Void> close() {
    return workers.close().onComplete(closed -> engine.close());
  }
}
