export enum Priority {
  Low,
  Normal,
  High,
}

export const priorities: readonly Priority[] = [Priority.High, Priority.Normal, Priority.Low];

/** An enum of numbers knows its names in both directions. */
export const nameOf = (priority: Priority): string => Priority[priority].toLowerCase();
