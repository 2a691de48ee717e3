namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>What a statement does to state that outlives it, as the engine's own parser decides (<c>chdb_query_class</c>).</summary>
internal enum StatementClass
{
    ReadOnly = 0,
    Mutating = 1,
    MutatingGlobal = 2,

    /// <summary>USE, SET, SYSTEM, KILL, BACKUP, and what writes outside the engine, such as INTO OUTFILE.</summary>
    Control = 3,

    /// <summary>Did not parse, or parsed into a statement that this version does not classify.</summary>
    Unknown = 4,
}
