package org.nfsproxy.server.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.nfsproxy.testing.Repository;

/** Records that real clients and servers sent: backend-spi's recordings. */
public final class Recordings {
  private Recordings() {}

  /** Calls, or replies, of the files whose names contain a word; without markers. */
  public static List<byte[]> messages(String word, boolean calls) throws IOException {
    List<byte[]> messages = new ArrayList<>();
    for (byte[] stream : streams(word)) {
      ByteBuffer bytes = ByteBuffer.wrap(stream);
      while (bytes.hasRemaining()) {
        byte[] message = new byte[bytes.getInt() & 0x7fff_ffff];
        bytes.get(message);
        if ((ByteBuffer.wrap(message).getInt(4) == 0) == calls) {
          messages.add(message);
        }
      }
    }
    return messages;
  }

  /** The first bytes of those files: records with their markers. */
  public static List<byte[]> beginnings(String word, int bytesMax) throws IOException {
    return streams(word).stream()
        .map(stream -> Arrays.copyOf(stream, Math.min(stream.length, bytesMax)))
        .toList();
  }

  private static List<byte[]> streams(String word) throws IOException {
    Path folder = Repository.ROOT.resolve("backend-spi/src/test/resources/recorded");
    List<byte[]> streams = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".rpc") && name.contains(word)) {
          streams.add(Files.readAllBytes(file));
        }
      }
    }
    return streams;
  }
}
