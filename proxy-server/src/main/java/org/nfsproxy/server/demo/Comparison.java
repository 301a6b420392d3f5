package org.nfsproxy.server.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.demo.DemoClient.Entry;
import org.nfsproxy.server.demo.DemoClient.Found;
import org.nfsproxy.xdr.XdrException;

/** Walks a tree directly and through the proxy at once, and compares what it meets. */
// The origin leads the way: what it shows is asked for through the proxy, with the handles that the
// proxy gave. Whatever fails there is a row that says so, never the end of the walk.
final class Comparison {
  private static final byte[] SELF = {'.'};
  private static final byte[] WRITTEN = "written-by-the-demo".getBytes(StandardCharsets.US_ASCII);
  private static final int WRITTEN_BYTES = 10_000;

  private final DemoClient direct;
  private final DemoClient through;
  private final List<ComparisonRow> rows = new ArrayList<>();

  private Comparison(DemoClient direct, DemoClient through) {
    this.direct = direct;
    this.through = through;
  }

  /** Fails only if the origin itself cannot be asked. */
  static List<ComparisonRow> of(DemoClient direct, DemoClient through, String export)
      throws IOException {
    Comparison comparison = new Comparison(direct, through);
    Optional<Filehandle> mounted = attempt(() -> through.mount(export));
    comparison.walk(
        export,
        direct.lookup(direct.mount(export), SELF),
        mounted.flatMap(root -> attempt(() -> through.lookup(root, SELF))));
    return comparison.rows;
  }

  private void walk(String path, Found there, Optional<Found> here) throws IOException {
    boolean isDirectory = there.type() == Found.DIRECTORY;
    List<Entry> entries = isDirectory ? direct.list(there.handle()) : List.of();
    Optional<List<Entry>> listed =
        here.filter(at -> isDirectory).flatMap(at -> attempt(() -> through.list(at.handle())));
    rows.add(
        new ComparisonRow(
            path,
            there.fsid(),
            there.handle().length(),
            here.isPresent() ? OptionalInt.of(here.get().handle().length()) : OptionalInt.empty(),
            here.equals(Optional.of(there))
                && (!isDirectory
                    || handles(entries).equals(listed.map(Comparison::handles).orElse(null))),
            isDirectory
                ? names(entries).equals(listed.map(Comparison::names).orElse(null))
                : here.isPresent() && readsTheSame(there, here.get()),
            isDirectory ? write(there, here) : ComparisonRow.Check.NOT_TRIED));
    for (Entry entry : entries) {
      walk(
          path + "/" + new String(entry.name(), StandardCharsets.UTF_8),
          direct.lookup(there.handle(), entry.name()),
          here.flatMap(at -> attempt(() -> through.lookup(at.handle(), entry.name()))));
    }
  }

  private static List<ByteBuffer> names(List<Entry> entries) {
    return entries.stream().map(entry -> ByteBuffer.wrap(entry.name())).toList();
  }

  private static List<Optional<Filehandle>> handles(List<Entry> entries) {
    return entries.stream().map(Entry::handle).toList();
  }

  private boolean readsTheSame(Found there, Found here) throws IOException {
    byte[] contents = contents(direct, there);
    return attempt(() -> contents(through, here))
        .map(read -> Arrays.equals(contents, read))
        .orElse(false);
  }

  private static byte[] contents(DemoClient client, Found found) throws IOException {
    return found.type() == Found.SYMLINK
        ? client.readlink(found.handle())
        : client.read(found.handle());
  }

  private ComparisonRow.Check write(Found there, Optional<Found> here) {
    if (here.isEmpty()) {
      return ComparisonRow.Check.FAILED;
    }
    byte[] contents = new byte[WRITTEN_BYTES];
    ThreadLocalRandom.current().nextBytes(contents);
    Filehandle directory = here.get().handle();
    boolean good =
        attempt(
                () -> {
                  Filehandle file = through.create(directory, WRITTEN);
                  through.write(file, contents);
                  return Arrays.equals(contents, through.read(file));
                })
            .orElse(false);
    good &=
        attempt(() -> direct.read(direct.lookup(there.handle(), WRITTEN).handle()))
            .map(read -> Arrays.equals(contents, read))
            .orElse(false);
    good &=
        attempt(
                () -> {
                  through.remove(directory, WRITTEN);
                  return true;
                })
            .orElse(false);
    return good ? ComparisonRow.Check.OK : ComparisonRow.Check.FAILED;
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask() throws IOException;
  }

  private static <T> Optional<T> attempt(Question<T> question) {
    try {
      return Optional.of(question.ask());
    } catch (IOException | XdrException failed) {
      return Optional.empty();
    }
  }
}
