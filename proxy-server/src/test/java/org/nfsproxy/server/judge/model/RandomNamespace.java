package org.nfsproxy.server.judge.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Builds a {@link Namespace} with few names, and changes it, both at random. */
// Few names, so that what was meant for one directory often finds something in another.
final class RandomNamespace {
  static final List<String> DIRECTORIES = List.of("a", "b", "d", "m");
  static final List<String> FILES = List.of("f", "g");

  /** Those with a directory as root; one more has a file. */
  private static final int TREES = 5;

  private static final int NODES_MAX = 200;

  private final Random random;
  final Namespace namespace;

  RandomNamespace(Random random) {
    this.random = random;
    this.namespace = new Namespace(random);
    for (int i = 0; i < TREES; i++) {
      fill(namespace.add(random, true));
    }
    namespace.add(random, false);
    for (int i = 1; i < namespace.filesystems.size(); i++) {
      mount(namespace.filesystems.get(i).root, true);
    }
  }

  private void fill(ModelFilesystem filesystem) {
    for (String name : DIRECTORIES) {
      Node directory = namespace.make(filesystem, true);
      namespace.put(filesystem.root, name, directory);
      if (random.nextBoolean()) {
        namespace.put(directory, pick(DIRECTORIES), namespace.make(filesystem, true));
      }
      namespace.put(directory, pick(FILES), namespace.make(filesystem, false));
    }
    namespace.put(filesystem.root, pick(FILES), namespace.make(filesystem, false));
  }

  <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** One change, if it can be made. */
  void change() {
    switch (random.nextInt(9)) {
      case 0, 1 -> mount(pick(namespace.filesystems));
      case 2 -> unmount();
      case 3 -> bind();
      case 4 -> rename();
      case 5 -> make();
      case 6 -> remove();
      default -> swap();
    }
  }

  /** Mounts a filesystem somewhere, once more if it is mounted already. */
  private void mount(ModelFilesystem filesystem) {
    if (filesystem.index > 0) {
      mount(filesystem.root, false);
    }
  }

  private void mount(Node mounted, boolean besideOthers) {
    List<Node> places = new ArrayList<>();
    for (Map.Entry<ModelFilesystem, List<Node>> each : namespace.byFilesystem().entrySet()) {
      if (each.getKey().index < mounted.filesystem.index) {
        each.getValue().stream()
            .filter(node -> node.isDirectory == mounted.isDirectory && !node.isRoot())
            .filter(node -> !besideOthers || !isCovered(node) && !namespace.isBusy(node))
            .forEach(places::add);
      }
    }
    places.sort((one, other) -> one.fileid - other.fileid);
    if (!places.isEmpty()) {
      namespace.mount(pick(places), mounted);
    }
  }

  private boolean isCovered(Node node) {
    return namespace.mounts.keySet().stream().anyMatch(node::isBelow);
  }

  private void unmount() {
    if (!namespace.mounts.isEmpty()) {
      namespace.unmount(pick(new ArrayList<>(namespace.mounts.keySet())));
    }
  }

  private void bind() {
    List<Node> directories = all(true);
    Node node = pick(directories);
    if (node.filesystem.index > 0) {
      mount(node, false);
    }
  }

  /** Those of a kind that are there. */
  List<Node> all(boolean isDirectory) {
    return namespace.nodes.values().stream()
        .filter(node -> node.isDirectory == isDirectory && namespace.isThere(node))
        .toList();
  }

  private void rename() {
    Node from = pick(all(true));
    List<Node> directories =
        all(true).stream().filter(node -> node.filesystem == from.filesystem).toList();
    Node to = pick(directories);
    String name = pick(DIRECTORIES);
    boolean mayGo = !from.isRoot() && !namespace.mounts.containsKey(from) && !to.isBelow(from);
    if (mayGo && !to.children.containsKey(name)) {
      Node parent = from.parent;
      namespace.take(parent, from.name);
      namespace.put(to, name, from);
    }
  }

  private void make() {
    Node directory = pick(all(true));
    boolean isDirectory = random.nextInt(3) > 0;
    String name = pick(isDirectory ? DIRECTORIES : FILES);
    if (!directory.children.containsKey(name) && namespace.nodes.size() < NODES_MAX) {
      namespace.put(directory, name, namespace.make(directory.filesystem, isDirectory));
    }
  }

  private void remove() {
    Node node = pick(all(random.nextBoolean()));
    if (!node.isRoot() && node.children.isEmpty() && !namespace.isBusy(node)) {
      namespace.take(node.parent, node.name);
    }
  }

  /** Exchanges what two names of a filesystem lead to (RENAME_EXCHANGE). */
  private void swap() {
    Node one = pick(all(true));
    List<Node> others =
        all(true).stream()
            .filter(node -> node.filesystem == one.filesystem && !node.isRoot())
            .filter(node -> !node.isBelow(one) && !one.isBelow(node))
            .toList();
    boolean mayGo = !one.isRoot() && !namespace.mounts.containsKey(one);
    Node other = others.isEmpty() ? null : pick(others);
    if (mayGo && other != null && !namespace.mounts.containsKey(other)) {
      Node parentOfOne = one.parent;
      Node parentOfOther = other.parent;
      String nameOfOne = one.name;
      String nameOfOther = other.name;
      namespace.take(parentOfOne, nameOfOne);
      namespace.take(parentOfOther, nameOfOther);
      namespace.put(parentOfOne, nameOfOne, other);
      namespace.put(parentOfOther, nameOfOther, one);
    }
  }
}
