package org.nfsproxy.backend.coordinated.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountPointsTest {
  private static final MountPoints POINTS =
      new MountPoints(
          new MountTable(
              """
              1 0 8:0 / / rw - ext4 /dev/sda rw
              2 1 8:1 / /no/such/place rw - ext4 /dev/sdb rw
              3 1 8:2 /part /no/such/part rw - ext4 /dev/sdc rw
              4 1 8:3 /old /no/such/twice rw - ext4 /dev/sdd rw
              5 4 8:4 / /no/such/twice rw - ext4 /dev/sde rw
              """));

  @ParameterizedTest
  @CsvSource({
    "/, ''",
    "/no/such/place, ''",
    "/no/such/place/below, a directory inside the filesystem mounted at /no/such/place",
    "/no/such/places, a directory inside the filesystem mounted at /",
    "/no/such/part, 'a mount of /part only, a part of its filesystem'",
    "/no/such/twice, ''",
  })
  void path_isAMountPointOfAWholeFilesystem_orIsTold(String path, String expected) {
    assertEquals(expected, POINTS.unfit(path));
  }
}
