namespace Delivery.Cli.Up;

/// <param name="Source">What the operator would edit, for messages: an option, a variable, or a key in a file.</param>
internal readonly record struct SettingValue(string Text, SettingOrigin Origin, string Source);
