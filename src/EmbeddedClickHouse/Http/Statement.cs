namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>
/// A statement and what follows it. <see cref="Rows"/> are the rows that came with the text; more may stand in
/// <see cref="Body"/>, which is null when it has been read to its end.
/// </summary>
internal sealed record Statement(StatementText Text, string Sql, ReadOnlyMemory<byte> Rows, Stream? Body);
