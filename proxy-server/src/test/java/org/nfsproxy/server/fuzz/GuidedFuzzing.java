package org.nfsproxy.server.fuzz;

import java.util.List;

/**
 * The readers of {@link WalksFuzzTest} for Jazzer, which leads its inputs to code that none has
 * reached yet. {@code .ci/fuzz} starts it; it is in no build.
 */
public final class GuidedFuzzing {
  private static Fuzzing fuzzing;

  private GuidedFuzzing() {}

  /**
   * Jazzer's beginning.
   *
   * @param arguments the reader's name
   */
  public static void fuzzerInitialize(String[] arguments) {
    Fuzzing.Reader reader =
        switch (arguments[0]) {
          case "calls" -> WalkReaders::call;
          case "callbacks" -> WalkReaders::callback;
          case "compound-replies" -> WalkReaders::compoundReply;
          case "replies-3" -> WalkReaders::reply3;
          case "records" -> WalkReaders::records;
          case "clients" -> WalksFuzzTest::client;
          default -> throw new IllegalArgumentException(arguments[0]);
        };
    fuzzing = new Fuzzing(arguments[0], reader, List.of());
  }

  /**
   * Jazzer's step.
   *
   * @param input any bytes
   */
  public static void fuzzerTestOneInput(byte[] input) {
    fuzzing.holds(input, "led");
  }
}
