namespace Delivery.Contracts.Access;

/// <summary>What a key may do. An endpoint asks for one; a key has any of them together.</summary>
[Flags]
public enum Right
{
    None = 0,

    /// <summary>Hand in jobs, uploads and tests, and control the account's own jobs.</summary>
    Submit = 1,

    /// <summary>Look at jobs, listings, previews and reports.</summary>
    Read = 2,

    /// <summary>Suppressions, the queue and traces.</summary>
    Admin = 4,

    All = Submit | Read | Admin,
}
