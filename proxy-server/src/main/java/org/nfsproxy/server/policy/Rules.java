package org.nfsproxy.server.policy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The parameters that every export is a clone of, and the rules that change them for some.
 * Immutable; what it answers depends on the configuration alone.
 */
// For one export the rules are laid over the root's parameters one after the other: that of "/",
// those of ever longer paths down to its own, that of its fsid. Each replaces the keys it sets. So
// for each key the longest path wins and an fsid beats a path, and what an administrator forbids
// for a tree stays forbidden below it until a rule says otherwise.
//
// The unit is a filesystem, since a filehandle tells its filesystem and nothing else: a rule whose
// path is a plain directory inside one holds for the filesystems mounted below that directory only.
public final class Rules {
  private static final Comparator<Rule> FROM_THE_ROOT =
      Comparator.comparingInt(rule -> names(rule).size());

  private final Parameters root;
  private final @Nullable Rule ofRoot;
  private final List<Rule> rules;
  private final List<Rule> ofPaths;
  private final List<Rule> ofFsids;
  private final Map<List<String>, Rule> byPath = new HashMap<>();
  private final Map<Fsid, Rule> byFsid = new HashMap<>();
  private final Set<ByteBuffer> lastNames = new HashSet<>();
  private final Parameters unseen;
  private final boolean uniform;
  private final boolean readsMatter;
  private final boolean squashesAlike;
  private final boolean cachesAlike;
  private final Set<NfsVersion> versionsSomewhere;
  private final Set<Parameters> everywhere;

  /**
   * Rules.
   *
   * @param parameters what holds without a rule
   * @throws IllegalArgumentException if two rules name the same
   */
  public Rules(Parameters parameters, List<Rule> rules) {
    Set<String> named = new HashSet<>();
    for (Rule rule : rules) {
      if (!named.add(rule.toString())) {
        throw new IllegalArgumentException("two rules for " + rule);
      }
    }
    Predicate<Rule> namesRoot = rule -> ExportPath.ROOT.equals(rule.path());
    this.ofRoot = rules.stream().filter(namesRoot).findFirst().orElse(null);
    this.root = ofRoot == null ? parameters : ofRoot.overrides().over(parameters);
    this.rules = rules.stream().filter(namesRoot.negate()).toList();
    this.ofPaths = this.rules.stream().filter(r -> r.path() != null).sorted(FROM_THE_ROOT).toList();
    this.ofFsids = this.rules.stream().filter(r -> r.fsid() != null).toList();
    ofPaths.forEach(rule -> byPath.put(names(rule), rule));
    ofFsids.forEach(rule -> byFsid.put(rule.fsid(), rule));
    ofPaths.forEach(rule -> lastNames.add(lastName(names(rule))));
    this.versionsSomewhere = EnumSet.noneOf(NfsVersion.class);
    versionsSomewhere.addAll(root.versions());
    this.rules.forEach(r -> versionsSomewhere.addAll(r.overrides().over(root).versions()));
    this.unseen = Strictest.of(root, this.rules.stream().map(Rule::overrides).toList());
    List<Parameters> each = this.rules.stream().map(rule -> rule.overrides().over(root)).toList();
    this.uniform = each.stream().allMatch(other -> other.with(root.cache()).equals(root));
    this.readsMatter = each.stream().anyMatch(other -> !readsAlike(other));
    this.squashesAlike =
        each.stream().allMatch(other -> other.squashing().equals(root.squashing()));
    this.cachesAlike = each.stream().allMatch(other -> other.cache() == root.cache());
    this.everywhere = everywhere();
  }

  private static List<String> names(Rule ofPath) {
    return ofTree(ofPath).components();
  }

  private static ByteBuffer lastName(List<String> components) {
    return StandardCharsets.UTF_8.encode(components.get(components.size() - 1));
  }

  /**
   * What holds for an export.
   *
   * @param path where it is mounted
   * @param fsid its number, or null if it is not known
   */
  public Parameters parameters(ExportPath path, @Nullable Fsid fsid) {
    return Stream.concat(above(path), Stream.ofNullable(fsid == null ? null : byFsid.get(fsid)))
        .reduce(root, (base, rule) -> rule.overrides().over(base), (first, second) -> second);
  }

  /** The rules whose trees a path is in, from the root down. */
  private Stream<Rule> above(ExportPath path) {
    return IntStream.rangeClosed(1, path.components().size())
        .mapToObj(depth -> byPath.get(path.components().subList(0, depth)))
        .filter(Objects::nonNull);
  }

  /**
   * The rules for a path and for filesystems.
   *
   * @param path where something is
   * @return without that for "/"; each counts over the ones before
   */
  public List<Rule> holdingFor(ExportPath path, Collection<Fsid> fsids) {
    return Stream.concat(above(path), fsids.stream().map(byFsid::get).filter(Objects::nonNull))
        .toList();
  }

  /**
   * What holds for a filesystem that has several paths: of its root in different versions, or of
   * directories in it that the origin exports or rules name.
   *
   * <p>A filehandle does not tell these apart. So the first path counts, and rules that hold for
   * another one only as far as they take away.
   *
   * @param paths its paths, one or more, that of its root first
   */
  public Parameters parameters(List<ExportPath> paths, Collection<Fsid> fsids) {
    ExportPath first = paths.get(0);
    Parameters ofRoot =
        fsids.stream()
            .map(fsid -> parameters(first, fsid))
            .filter(each -> !each.equals(parameters(first, null)))
            .findFirst()
            .orElse(parameters(first, null));
    List<Overrides> elsewhere =
        paths.stream()
            .flatMap(this::above)
            .distinct()
            .filter(rule -> !rule.holdsFor(first, null))
            .map(Rule::overrides)
            .toList();
    return elsewhere.isEmpty() ? ofRoot : Strictest.of(ofRoot, elsewhere);
  }

  /**
   * What holds for a filesystem whose place in the namespace is not known: any rule of a path might
   * hold, and any of a filesystem, since an origin may have several numbers for one (Linux: by UUID
   * and by device). So the strictest of all, unless a rule names just this number.
   *
   * @return its parameters until it is connected
   */
  public Parameters ofDisconnected(@Nullable Fsid fsid) {
    Rule own = byFsid.get(fsid);
    return own == null
        ? unseen
        : own.overrides().over(Strictest.of(root, ofPaths.stream().map(Rule::overrides).toList()));
  }

  /**
   * What holds for a call that does not show which export it is about (Kerberos with privacy): the
   * strictest of all rules.
   */
  public Parameters ofUnseen() {
    return unseen;
  }

  /**
   * What every export is a clone of: the parameters of the namespace's root, with the rule for "/"
   * if there is one.
   *
   * @return the parameters without any other rule
   */
  public Parameters root() {
    return root;
  }

  /**
   * The rule for "/", which is in {@link #root} already.
   *
   * @return null if there is none
   */
  public @Nullable Rule ofRoot() {
    return ofRoot;
  }

  /**
   * The rules but that for "/".
   *
   * @return in the order in which they were given
   */
  public List<Rule> rules() {
    return rules;
  }

  /**
   * Whether all exports have the same parameters but for {@code cache}, so that no filehandle need
   * be resolved to decide.
   *
   * @return true without rules, and with rules that change nothing else
   */
  public boolean isUniform() {
    return uniform;
  }

  /**
   * Whether exports differ in more than whether they may be written, so that a call that only reads
   * must be judged by its filehandles too.
   *
   * @return false if knowing a call to read is enough to decide by {@link #root}
   */
  public boolean readsMatter() {
    return readsMatter;
  }

  /**
   * Whether all exports make the same of a credential.
   *
   * @return false if whose call it is depends on where it acts
   */
  public boolean squashesAlike() {
    return squashesAlike;
  }

  /**
   * Whether of all exports data that were read are kept, or of none.
   *
   * @return false if it has to be known where a file is
   */
  public boolean cachesAlike() {
    return cachesAlike;
  }

  /**
   * Whether of some export data that were read are kept.
   *
   * @return false if there might as well be no cache
   */
  public boolean cachesSomewhere() {
    return !cachesAlike || root.cache() == Caching.ON;
  }

  /**
   * Whether anything depends on where a file is, so that it is worth while to learn that from
   * replies.
   *
   * @return false if all exports have the same parameters
   */
  public boolean placesMatter() {
    return !uniform || !cachesAlike;
  }

  private boolean readsAlike(Parameters other) {
    boolean bothRead = root.access() != Access.NONE && other.access() != Access.NONE;
    Parameters sameAccess =
        new Parameters(
            other.clients(),
            bothRead ? root.access() : other.access(),
            other.squashing(),
            other.security(),
            other.versions(),
            other.hidden(),
            other.opaque(),
            other.transport(),
            other.certificates(),
            root.cache());
    return sameAccess.equals(root);
  }

  /**
   * Whether a rule's path ends with a name, so that the name may well lead into a filesystem of its
   * own. Only a guess: it may be any directory's name, and a filesystem may be entered by others.
   *
   * @param name its bytes
   * @return false for names that no rule has at its end
   */
  public boolean endsWith(byte[] name) {
    return lastNames.contains(ByteBuffer.wrap(name));
  }

  /**
   * Whether a version is allowed on some export.
   *
   * @param version the version; null for one that nobody here knows
   * @return false if a call of it can be refused as a whole
   */
  public boolean allowsSomewhere(NfsVersion version) {
    return version != null && versionsSomewhere.contains(version);
  }

  /**
   * Whether some version of a protocol is allowed on some export.
   *
   * @return false if it need not be served at all
   */
  public boolean allowsSomewhere(Family family) {
    return versionsSomewhere.stream().anyMatch(version -> family.serves(version));
  }

  /**
   * Whether a client may mount some export in a version, as far as its address says.
   *
   * @return false if no rule lets it in
   */
  public boolean letsIn(Peer client, NfsVersion version) {
    return everywhere.stream()
        .anyMatch(each -> Decision.ofMount(each, client, version) == Decision.ALLOWED);
  }

  /**
   * What may hold somewhere: for the root, for each rule's tree, and for each filesystem in any.
   */
  private Set<Parameters> everywhere() {
    Set<Parameters> trees = new LinkedHashSet<>();
    trees.add(root);
    ofPaths.forEach(rule -> trees.add(parameters(ofTree(rule), null)));
    Set<Parameters> all = new LinkedHashSet<>(trees);
    for (Rule rule : ofFsids) {
      trees.forEach(tree -> all.add(rule.overrides().over(tree)));
    }
    return all;
  }

  private static ExportPath ofTree(Rule rule) {
    return Objects.requireNonNull(rule.path(), "a rule for a tree has one");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Rules that && root.equals(that.root) && rules.equals(that.rules);
  }

  @Override
  public int hashCode() {
    return 31 * root.hashCode() + rules.hashCode();
  }

  @Override
  public String toString() {
    return root + " " + rules;
  }
}
