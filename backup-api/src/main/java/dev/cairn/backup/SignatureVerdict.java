package dev.cairn.backup;

/** What became of checking one signature of a receipt. */
public sealed interface SignatureVerdict {

    /** The key that the signature names. */
    String keyId();

    /** Whether it is a countersignature, which covers the first signature as well. */
    boolean countersignature();

    /** It was made with that key over this very receipt. */
    record Valid(String keyId, Receipt.Algorithm algorithm, boolean countersignature) implements SignatureVerdict {}

    /** The key is not among those that were given, so nothing is known. */
    record UnknownKey(String keyId, boolean countersignature) implements SignatureVerdict {}

    /** It was not made with that key over this receipt: the receipt or the signature was altered, or the key is another. */
    record Invalid(String keyId, boolean countersignature, String why) implements SignatureVerdict {}
}
