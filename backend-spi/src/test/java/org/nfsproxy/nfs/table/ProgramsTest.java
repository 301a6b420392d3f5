package org.nfsproxy.nfs.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramsTest {
  /** Program, version, highest procedure, and the procedure's name: from the RFCs. */
  @ParameterizedTest
  @CsvSource({
    "100000, 2,  5, CALLIT",
    "100000, 3,  8, TADDR2UADDR",
    "100000, 4, 12, GETSTAT",
    "100003, 2, 17, STATFS",
    "100003, 3, 21, COMMIT",
    "100003, 4,  1, COMPOUND",
    "100005, 1,  6, EXPORTALL",
    "100005, 2,  7, PATHCONF",
    "100005, 3,  5, EXPORT",
    "100021, 4, 23, FREE_ALL",
    "100227, 2,  4, ACCESS",
    "100227, 3,  2, SETACL",
  })
  void find_everyProcedureUpToTheHighest_answersItsRow(
      int program, int version, int highest, String name) {
    for (int procedure = 0; procedure <= highest; procedure++) {
      Lookup lookup = Programs.find(program, version, procedure);
      if (program == Programs.NLM && procedure >= 17 && procedure <= 19) {
        assertInstanceOf(Lookup.ProcUnavail.class, lookup);
      } else {
        Lookup.Found found = assertInstanceOf(Lookup.Found.class, lookup);
        assertEquals(procedure, found.procedure().number());
      }
    }
    assertEquals(name, procedure(Programs.find(program, version, highest)).name());
    assertSame(Programs.find(program, version, highest), Programs.find(program, version, highest));
    for (int beyond : new int[] {highest + 1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
      assertEquals(new Lookup.ProcUnavail(), Programs.find(program, version, beyond));
    }
  }

  private static Procedure procedure(Lookup lookup) {
    return ((Lookup.Found) lookup).procedure();
  }

  @ParameterizedTest
  @CsvSource({
    "100000, 1, 2, 4",
    "100000, 5, 2, 4",
    "100003, 1, 2, 4",
    "100003, 5, 2, 4",
    "100003, -1, 2, 4",
    "100005, 4, 1, 3",
    "100005, 0, 1, 3",
    "100021, 3, 4, 4",
    "100227, 4, 2, 3",
  })
  void find_versionWithoutTable_answersTheRange(int program, int version, int low, int high) {
    assertEquals(new Lookup.ProgMismatch(low, high), Programs.find(program, version, 0));
    assertEquals(new Lookup.ProgMismatch(low, high), Programs.find(program, version, 4711));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100001, 100004, 100026, 100099, 0x40000000, -1})
  void find_programWithoutTable_isUnavailable(int program) {
    assertEquals(new Lookup.ProgUnavail(), Programs.find(program, 3, 0));
  }

  @Test
  void findCallback_bothVersionsInUse_answerTheSameRows() {
    for (int version : new int[] {1, 4}) {
      assertSame(Nfs4CallbackProcedure.CB_NULL, procedure(Programs.findCallback(version, 0)));
      assertSame(Nfs4CallbackProcedure.CB_COMPOUND, procedure(Programs.findCallback(version, 1)));
      assertEquals(new Lookup.ProcUnavail(), Programs.findCallback(version, 2));
    }
    assertEquals(new Lookup.ProgMismatch(1, 4), Programs.findCallback(2, 1));
  }
}
