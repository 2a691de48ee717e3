namespace Delivery.Mta.Templates;

internal enum ValueKind : byte
{
    Missing,
    Null,
    False,
    True,
    Number,
    String,
    Array,
    Object,

    /// <summary>The whole scope: built-ins, then the recipient's data, then the job's.</summary>
    Root,

    /// <summary>The built-in <c>address</c>.</summary>
    Address,

    /// <summary>The recipient's metadata over the job's.</summary>
    Metadata,
}
