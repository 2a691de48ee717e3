using System.Text;
using Delivery.Mta.Spool;
using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Erasure;

/// <summary>
/// Makes what was taken out of the spool's rows leave its file too: brings the write-ahead log into it and empties the log, and where the file still
/// holds an address in room that is free, writes it anew (VACUUM). Others wait for the disk meanwhile.
/// </summary>
internal sealed class SpoolScrub(SpoolDatabase database, TimeProvider time)
{
    private const int BlockBytes = 4 << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>True where the file was written anew.</summary>
    /// <param name="addresses">What is looked for; none: nobody can tell, so it is written anew.</param>
    /// <exception cref="SqliteException">The disk is full, or others kept the file busy: the rows are blank, what they held may still be on disk.</exception>
    public async Task<bool> RunAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellation)
    {
        using var connection = database.Open(readOnly: false);
        await EmptyLogAsync(connection, cancellation).ConfigureAwait(false);
        if (addresses.Count > 0 && !Holds(addresses))
            return false;
        using (var vacuum = connection.CreateCommand())
        {
            vacuum.CommandText = "VACUUM";
            vacuum.CommandTimeout = 0;
            vacuum.ExecuteNonQuery();
        }

        await EmptyLogAsync(connection, cancellation).ConfigureAwait(false);
        return true;
    }

    private async Task EmptyLogAsync(SqliteConnection connection, CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); ;)
        {
            using (var checkpoint = connection.CreateCommand())
            {
                checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
                using var row = checkpoint.ExecuteReader();
                if (row.Read() && row.GetInt32(0) == 0)
                    return;
            }

            if (time.GetElapsedTime(began) > Longest)
                throw new SqliteException("The spool's log could not be emptied: others read it all the time.", 5);
            await Task.Delay(Poll, time, cancellation).ConfigureAwait(false);
        }
    }

    private bool Holds(IReadOnlyCollection<string> addresses)
    {
        var wanted = addresses.SelectMany(one => new[] { one, one.ToLowerInvariant() }).Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes).ToList();
        var overlap = wanted.Max(one => one.Length) - 1;
        using var file = File.OpenHandle(database.FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var block = new byte[BlockBytes];
        for (var at = 0L; RandomAccess.Read(file, block, at) is > 0 and var read; at += Math.Max(1, read - overlap))
        {
            foreach (var one in wanted)
            {
                if (block.AsSpan(0, read).IndexOf(one) >= 0)
                    return true;
            }

            if (read <= overlap)
                break;
        }

        return false;
    }
}
