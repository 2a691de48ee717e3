using System.Net.Http.Headers;
using System.Text;

namespace Delivery.Aggregator.ClickHouse;

/// <summary>
/// ClickHouse over its HTTP interface. Every answer is complete and checked before a call returns (<c>wait_end_of_query</c>).
/// Values go in as parameters (<c>{name:Type}</c> in the text), never pasted into it. Thread-safe.
/// </summary>
internal sealed class ClickHouseClient(HttpClient http, ClickHouseOptions options)
{
    /// <summary>An insert is one block, so that one token speaks of all its rows, in the table and behind its views.</summary>
    private static readonly (string Name, string Value)[] InsertSettings =
    [
        ("async_insert", "0"),
        ("max_insert_block_size", "100000000"),
        ("min_insert_block_size_rows", "100000000"),
        ("min_insert_block_size_bytes", "4294967296"),
        ("max_partitions_per_insert_block", "0"),
        ("input_format_parallel_parsing", "0"),
    ];

    private static readonly (string Name, string Value)[] None = [];

    public string Database => options.Database;

    /// <summary>Runs a SELECT that names its FORMAT and gives the whole answer.</summary>
    /// <exception cref="ClickHouseException">Refused, failed, or no answer in time.</exception>
    public Task<byte[]> QueryAsync(string sql, CancellationToken cancellation, params (string Name, string Value)[] parameters) =>
        SendAsync(options.Database, sql, null, parameters, None, cancellation);

    /// <summary>As <see cref="QueryAsync"/>, where the database need not exist yet.</summary>
    public Task<byte[]> QueryWithoutDatabaseAsync(string sql, CancellationToken cancellation) =>
        SendAsync("", sql, null, None, None, cancellation);

    /// <summary>Runs a statement for its effect. <paramref name="database"/> empty means none is chosen.</summary>
    /// <inheritdoc cref="QueryAsync"/>
    public Task ExecuteAsync(string sql, CancellationToken cancellation, (string Name, string Value)[]? parameters = null, string? database = null) =>
        SendAsync(database ?? options.Database, sql, null, parameters ?? None, None, cancellation);

    /// <summary>
    /// Inserts rows of RowBinary as one block and returns once they are in the table and behind every view.
    /// The same token again changes nothing; without a token ClickHouse does not look for duplicates.
    /// </summary>
    /// <exception cref="ClickHouseException">Unknown what is in the table now.</exception>
    public Task InsertAsync(string table, string columns, ReadOnlyMemory<byte> rows, string? token, CancellationToken cancellation)
    {
        (string, string)[] settings = token is null
            ? [.. InsertSettings, ("insert_deduplicate", "0")]
            : [.. InsertSettings, ("insert_deduplicate", "1"), ("insert_deduplication_token", token), ("deduplicate_blocks_in_dependent_materialized_views", "1")];
        return SendAsync(options.Database, $"INSERT INTO {table} ({columns}) FORMAT RowBinary", rows, None, settings, cancellation);
    }

    /// <summary>
    /// Runs an INSERT … SELECT that no log of duplicates may drop. <paramref name="mark"/> is how it is found among the statements
    /// under way: its token, made unique, since newer versions look at the token of an INSERT … SELECT whatever <c>insert_deduplicate</c> says.
    /// </summary>
    /// <exception cref="ClickHouseException">Unknown what is in the table now.</exception>
    public Task InsertSelectAsync(string sql, string mark, CancellationToken cancellation, params (string Name, string Value)[] parameters) =>
        SendAsync(
            options.Database, sql, null, parameters,
            [("insert_deduplicate", "0"), ("insert_deduplication_token", $"{mark}/{Guid.NewGuid():N}"), ("max_partitions_per_insert_block", "0")], cancellation);

    private async Task<byte[]> SendAsync(
        string database,
        string sql,
        ReadOnlyMemory<byte>? rows,
        (string Name, string Value)[] parameters,
        (string Name, string Value)[] settings,
        CancellationToken cancellation)
    {
        var address = new StringBuilder(options.Url.TrimEnd('/')).Append("/?wait_end_of_query=1");
        if (database.Length > 0)
            Append(address, "database", database);
        foreach (var (name, value) in settings)
            Append(address, name, value);
        foreach (var (name, value) in parameters)
            Append(address, "param_" + name, value);
        if (rows is not null)
            Append(address, "query", sql);
        using var request = new HttpRequestMessage(HttpMethod.Post, address.ToString());
        request.Content = rows is { } bytes ? new ReadOnlyMemoryContent(bytes) : new ByteArrayContent(Encoding.UTF8.GetBytes(sql));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(rows is null ? "text/plain" : "application/octet-stream");
        if (options.User.Length > 0)
            request.Headers.Add("X-ClickHouse-User", options.User);
        if (!string.IsNullOrEmpty(options.Password))
            request.Headers.Add("X-ClickHouse-Key", options.Password);
        return await SendAsync(request, cancellation).ConfigureAwait(false);
    }

    private async Task<byte[]> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(options.Timeout);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(deadline.Token).ConfigureAwait(false);
            return ClickHouseError.Find(response, body) is { } error ? throw error : body;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new ClickHouseException(0, $"ClickHouse did not answer within {options.Timeout.TotalSeconds} s.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new ClickHouseException(0, $"ClickHouse cannot be reached at {options.Url}: {e.Message}", e);
        }
    }

    private static void Append(StringBuilder address, string name, string value) =>
        address.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
}
