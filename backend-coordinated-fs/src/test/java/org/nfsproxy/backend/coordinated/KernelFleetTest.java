package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nfsproxy.backend.Fleet;
import org.nfsproxy.backend.coordinated.agreement.FakeFleet;
import org.nfsproxy.backend.coordinated.files.ExportedTree;

/** Instances over real filesystems that agree, and one whose filesystems are swapped. */
@ExtendWith(OnFileThread.class)
class KernelFleetTest {
  private static final int JUKEBOX = 10008;

  private static Fleet swapped(Fleet fleet) {
    Map<String, String> other =
        Map.of("coordinated-fs.filesystem.1", "2", "coordinated-fs.filesystem.2", "1");
    return new Fleet() {
      @Override
      public String instance() {
        return fleet.instance();
      }

      @Override
      public void say(String topic, byte[] statement) {
        fleet.say(topic.substring(0, topic.length() - 1) + other.get(topic), statement);
      }

      @Override
      public Map<String, byte[]> heard(String topic) {
        return fleet.heard(topic.substring(0, topic.length() - 1) + other.get(topic));
      }

      @Override
      public void onChange(String topic, Runnable listener) {
        fleet.onChange(topic.substring(0, topic.length() - 1) + other.get(topic), listener);
      }
    };
  }

  /** What an instance says under an id here is what the swapped one says under the other id. */
  @ParameterizedTest
  @EnumSource(Disk.Kind.class)
  void instance_withSwappedIds_isRefused_andAnswersJukebox(Disk.Kind kind) throws Exception {
    FakeFleet fleet = new FakeFleet();
    try (KernelRig rig = new KernelRig(kind, "m", "n")) {
      byte[] first = rig.export("m");
      byte[] second = rig.export("n");
      rig.files.join(fleet.join("a"));
      rig.files.join(fleet.join("b"));
      assertEquals(0, rig.root.getattr(first).status());
      rig.files.join(swapped(fleet.join("c")));
      assertEquals(JUKEBOX, rig.root.getattr(first).status());
      assertEquals(JUKEBOX, rig.root.getattr(second).status());
      assertEquals(List.of(), rig.files.exports().stream().map(ExportedTree::path).toList());
      fleet.leave("a");
      fleet.leave("b");
      assertEquals(0, rig.root.getattr(first).status());
      assertEquals(0, rig.root.getattr(second).status());
    }
  }
}
