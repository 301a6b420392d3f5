package org.nfsproxy.server.judge.model;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.nfsproxy.nfs.Filehandle;

/**
 * What an origin serves: filesystems, mounted in each other, as names lead through them. Each
 * change can be undone.
 *
 * <pre>
 *  mounts   directory of one filesystem -> root, or any directory (bind), of another
 * </pre>
 */
// As the Linux server with crossmnt: a name steps over what is mounted there, ".." from a
// filesystem's root steps to where it is mounted first. A filesystem is only mounted in those
// before it, so that nothing is mounted in itself. One that is mounted nowhere has stale handles.
final class Namespace {
  private static final int HANDLE_BYTES = 16;

  final List<ModelFilesystem> filesystems = new ArrayList<>();
  final Map<Filehandle, Node> nodes = new LinkedHashMap<>();
  final Map<Node, Node> mounts = new LinkedHashMap<>();
  private final Deque<Runnable> undo = new ArrayDeque<>();
  private final long seed;
  private int fileids;

  Namespace(Random random) {
    this.seed = random.nextLong();
  }

  ModelFilesystem add(Random random, boolean isDirectory) {
    ModelFilesystem added =
        new ModelFilesystem(filesystems.size(), random.nextLong(), random.nextLong());
    filesystems.add(added);
    added.root = make(added, isDirectory);
    return added;
  }

  Node root() {
    return filesystems.get(0).root;
  }

  // ---- looking --------------------------------------------------------------------------------

  Node find(Filehandle handle) {
    return nodes.get(handle);
  }

  /** What a directory's name leads to, over what is mounted there; null if there is none. */
  Node child(Node directory, String name) {
    return over(directory.children.get(name));
  }

  Node over(Node node) {
    Node at = node;
    while (at != null && mounts.containsKey(at)) {
      at = mounts.get(at);
    }
    return at;
  }

  /** The directory above; null if there is none. */
  Node above(Node directory) {
    Node mountPoint = directory.isRoot() ? mountPoint(directory) : directory;
    return mountPoint == null ? null : mountPoint.parent;
  }

  /** The name by which a directory is reached from {@link #above} it. */
  String nameOf(Node directory) {
    Node mountPoint = directory.isRoot() ? mountPoint(directory) : directory;
    return mountPoint == null ? null : mountPoint.name;
  }

  private Node mountPoint(Node root) {
    return mounts.entrySet().stream()
        .filter(mount -> mount.getValue() == root && isThere(mount.getKey()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  /** Whether a handle is not stale. */
  boolean isThere(Node node) {
    boolean isLinked = node.isRoot() || node.parent != null;
    return isLinked && isMounted(node.filesystem);
  }

  boolean isMounted(ModelFilesystem filesystem) {
    return filesystem.index == 0
        || mounts.entrySet().stream()
            .anyMatch(
                mount ->
                    mount.getValue().filesystem == filesystem
                        && isMounted(mount.getKey().filesystem));
  }

  /** Whether something is mounted on a directory or below it. */
  boolean isBusy(Node node) {
    return mounts.keySet().stream().anyMatch(mountPoint -> mountPoint.isBelow(node));
  }

  /** Where a filesystem is mounted first; null if it is not. */
  String pathOf(ModelFilesystem filesystem) {
    Node root = filesystem.root;
    if (filesystem.index == 0) {
      return "/";
    }
    Node mountPoint = mountPoint(root);
    return mountPoint == null ? null : pathOf(mountPoint);
  }

  private String pathOf(Node node) {
    String above = node.parent.isRoot() ? pathOf(node.filesystem) : pathOf(node.parent);
    return above == null ? null : above.equals("/") ? "/" + node.name : above + "/" + node.name;
  }

  // ---- changing -------------------------------------------------------------------------------

  Node make(ModelFilesystem filesystem, boolean isDirectory) {
    int fileid = ++fileids;
    byte[] bytes = new byte[HANDLE_BYTES];
    SplittableRandom random = new SplittableRandom(seed + fileid);
    ByteBuffer.wrap(bytes).putLong(random.nextLong()).putLong(random.nextLong());
    Node made = new Node(filesystem, fileid, Filehandle.of(bytes), isDirectory);
    nodes.put(made.handle, made);
    undo.push(
        () -> {
          nodes.remove(made.handle);
          fileids--;
        });
    return made;
  }

  /** Gives a node a name; what had it before has it no more. */
  void put(Node directory, String name, Node node) {
    Node before = directory.children.get(name);
    if (before != null) {
      take(directory, name);
    }
    Node parentBefore = node.parent;
    String nameBefore = node.name;
    directory.children.put(name, node);
    node.parent = directory;
    node.name = name;
    undo.push(
        () -> {
          directory.children.remove(name);
          node.parent = parentBefore;
          node.name = nameBefore;
        });
    touch(directory);
  }

  Node take(Node directory, String name) {
    Node node = directory.children.remove(name);
    Node parentBefore = node.parent;
    String nameBefore = node.name;
    if (parentBefore == directory && name.equals(nameBefore)) {
      node.parent = null;
      relink(node);
    }
    undo.push(
        () -> {
          directory.children.put(name, node);
          node.parent = parentBefore;
          node.name = nameBefore;
        });
    touch(directory);
    return node;
  }

  // A file may have other names.
  private void relink(Node node) {
    if (node.isDirectory) {
      return;
    }
    for (Node directory : nodes.values()) {
      for (Map.Entry<String, Node> entry : directory.children.entrySet()) {
        if (entry.getValue() == node) {
          node.parent = directory;
          node.name = entry.getKey();
          return;
        }
      }
    }
  }

  void touch(Node node) {
    node.change++;
    undo.push(() -> node.change--);
  }

  void mount(Node mountPoint, Node mounted) {
    changeMounts(() -> mounts.put(mountPoint, mounted));
  }

  void unmount(Node mountPoint) {
    changeMounts(() -> mounts.remove(mountPoint));
  }

  private void changeMounts(Runnable change) {
    Map<Node, Node> before = new LinkedHashMap<>(mounts);
    change.run();
    undo.push(
        () -> {
          mounts.clear();
          mounts.putAll(before);
        });
  }

  /** A moment to which {@link #rollBack} can go back. */
  int moment() {
    return undo.size();
  }

  void rollBack(int moment) {
    while (undo.size() > moment) {
      undo.pop().run();
    }
  }

  /** All nodes by filesystem, those that are there. */
  Map<ModelFilesystem, List<Node>> byFilesystem() {
    Map<ModelFilesystem, List<Node>> all = new HashMap<>();
    for (Node node : nodes.values()) {
      if (isThere(node)) {
        all.computeIfAbsent(node.filesystem, none -> new ArrayList<>()).add(node);
      }
    }
    return all;
  }
}
