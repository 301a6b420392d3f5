package org.nfsproxy.server.demo;

import java.util.List;
import java.util.OptionalInt;

/**
 * What was found about one object.
 *
 * @param directBytes length of its handle, asked of the origin
 * @param throughBytes length of its handle, asked through the proxy; empty if it could not be had
 * @param same whether handle, fsid and fileid are equal
 * @param read whether contents, listing or target are equal
 * @param written for a directory: whether a file written through the proxy reads back from both
 */
record ComparisonRow(
    String path,
    long fsid,
    int directBytes,
    OptionalInt throughBytes,
    boolean same,
    boolean read,
    Check written) {

  /** The outcome of something that is not tried with every object. */
  enum Check {
    OK,
    FAILED,
    NOT_TRIED
  }

  static final List<String> TITLES =
      List.of(
          "PATH", "FSID", "HANDLE DIRECT", "THROUGH", "SAME BYTES", "READ", "WRITE AND READ BACK");

  boolean isGood() {
    return same && read && written != Check.FAILED;
  }

  List<String> cells() {
    return List.of(
        path,
        Long.toHexString(fsid),
        directBytes + " bytes",
        throughBytes.isPresent() ? throughBytes.getAsInt() + " bytes" : "none",
        same ? "yes" : "no",
        read ? "ok" : "FAILED",
        switch (written) {
          case OK -> "ok";
          case FAILED -> "FAILED";
          case NOT_TRIED -> "-";
        });
  }
}
