using System.Globalization;

namespace Delivery.Cli.Sink;

/// <summary>Numbers what a sink captured, writes it to its folder and hands it on. Thread-safe.</summary>
internal sealed class SinkStore
{
    private const string Extension = ".eml";
    private readonly string? _folder;
    private readonly TimeProvider _time;
    private readonly Func<CapturedMessage, ValueTask>? _onMessage;
    private long _numbers;
    private long _messages;
    private long _bytes;

    public SinkStore(string? folder, TimeProvider time, Func<CapturedMessage, ValueTask>? onMessage)
    {
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            _numbers = HighestNumber(folder);
        }
        _folder = folder;
        _time = time;
        _onMessage = onMessage;
    }

    public long Messages => Volatile.Read(ref _messages);

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Returns when the message is where it belongs. Throws what the disk or the owner throws.</summary>
    public async ValueTask AddAsync(string from, string to, byte[] raw)
    {
        var number = Interlocked.Increment(ref _numbers);
        string? file = null;
        if (_folder is not null)
        {
            file = Path.Combine(_folder, number.ToString("D6", CultureInfo.InvariantCulture) + Extension);
            await WriteAsync(file, raw);
        }
        if (_onMessage is not null) await _onMessage(new CapturedMessage(number, from, to, raw, _time.GetUtcNow(), file));
        Interlocked.Increment(ref _messages);
        Interlocked.Add(ref _bytes, raw.Length);
    }

    private static long HighestNumber(string folder)
    {
        var highest = 0L;
        foreach (var file in Directory.EnumerateFiles(folder, "*" + Extension))
        {
            if (long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > highest)
                highest = number;
        }
        return highest;
    }

    /// <summary>Also where somebody tidied the folder away.</summary>
    private static async ValueTask WriteAsync(string file, byte[] raw)
    {
        try
        {
            await File.WriteAllBytesAsync(file, raw);
        }
        catch (DirectoryNotFoundException)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, raw);
        }
    }
}
