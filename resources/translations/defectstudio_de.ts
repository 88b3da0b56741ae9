<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
    <context>
        <name>Actions</name>
        <message>
            <source>&amp;Annotate</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Edit</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Help</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Project</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Train</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;View</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>About DefectStudio</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Accept the model's region</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Actual size</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Add a class</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Automatic contrast</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Box</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Box to defect</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Brush</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Cancel the shape or the selection</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Class</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Class 1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Class 2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Class 3</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Class 4</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Class 5</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Class 6</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Class 7</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Class 8</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Class 9</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Close project</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Copy from previous image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Defective</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Delete region</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Do not overwrite other classes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Ellipse</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Eraser</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Fill an area</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Fill holes of region</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Find a command…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Find image by name</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Finish the shape</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Finish, next image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Fit image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Flag for a colleague</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Go on after tagging</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Good</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Grow region</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Handbook</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Hatch what is unknown</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Heat map</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Import</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Import images…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Keyboard shortcuts</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Labels</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Larger brush</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Levels and gamma…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Magic wand</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Mark as done</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Mark as to do</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>New project…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Next</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Next image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Next unlabelled image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Note here…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Open</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Open project…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Outlines only</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Overview map</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Paint superpixels</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Paint unknown</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Polygon</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Previous</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Previous image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Previous unlabelled image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Quit</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Redo</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Remove tag</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Save</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Scissors along edges</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Second viewer with the bare image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Select and move regions</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Settings…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Shrink region</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Smaller brush</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Smooth region</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Stop training</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tag defective</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tag good</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The rest is healthy</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The rest is unknown</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Train</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Train a detector</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Undo</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Unlabelled</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Zoom in</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Zoom out</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>AnnotateDesk</name>
        <message>
            <source>Accept the model's region</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Box</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Box to defect</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Brush</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Ellipse</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Eraser</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Fill</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Magic wand</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Nobody has said yet whether this image is good.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Polygon</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Press G for good, X for defective, or draw a defect; then finish it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Scissors along edges</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Select and move</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Superpixels</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>There is no class {0} yet.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>There is no image before this one in the list.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This is the last image of the list.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Working…</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>AnnotatePanel</name>
        <message>
            <source>Finish, next image</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>AppearancePage</name>
        <message>
            <source>&amp;Go on to the next image after tagging</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Language</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Show the window in the new language</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Theme</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>As the system</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Dark</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Light</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Si&amp;ze</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The mouse &amp;wheel</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The new language counts once the window is made anew; your project stays open.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The new size counts from the next start of DefectStudio.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>scrolls; with Ctrl it zooms</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>zooms</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>BoxTool</name>
        <message>
            <source>Drag from corner to corner. Hold Shift for a square.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Brush</name>
        <message>
            <source>Drag to paint. Hold Alt to erase. [ and ] or Alt and the wheel change the size.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Canvas</name>
        <message>
            <source>Image viewer</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>ClassDesk</name>
        <message>
            <source>Classes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Colour of {0}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Delete</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Delete the class {0}?</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Merge</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Merge {0} into {1}?</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Nothing is drawn in it and no tag names it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>On {0} images, {1} pixels {2}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Undo brings everything back.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>become unknown</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>become {0}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>defect</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{0} image tags name this class.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>ClassesSection</name>
        <message>
            <source>Add a class</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Class to paint</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Classes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Colour…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Delete…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Healthy</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Merge into</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Name of the class</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No classes yet. The first stroke makes one, or add yours with +.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Rename</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Rename, recolour, merge or delete the chosen class</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Unknown</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{0} (key {1})</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Demo</name>
        <message>
            <source>Starting</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Easel</name>
        <message>
            <source>Choose one in the list of classes.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Import images first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No class is chosen.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No project is open.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Open one first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>There is no image to draw on.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>defect</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>EllipseTool</name>
        <message>
            <source>Drag from corner to corner of the box around it. Hold Shift for a circle.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Eraser</name>
        <message>
            <source>Drag to erase: what was drawn becomes healthy on a complete image, else unknown again.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Fill</name>
        <message>
            <source>Click into an area: all of it that has the same label takes the current class.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Gallery</name>
        <message numerus="yes">
            <source>%Ln image(s)</source>
            <translation type="unfinished">
                <numerusform />
                <numerusform />
            </translation>
        </message>
        <message>
            <source>All splits</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>All states</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>All tags</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>By doubt</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>By name</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>By score</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>By state</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Images</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Import images…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No image passes the filters.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No images yet. Import a folder with Ctrl+I, or drop one onto the window.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Order of the images</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Search by name</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Search images by name</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Show all images</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Show images in this state of work</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Show images of this split</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Show images with this tag</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{0} of {1} images</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>GalleryModel</name>
        <message numerus="yes">
            <source>%Ln note(s)</source>
            <translation type="unfinished">
                <numerusform />
                <numerusform />
            </translation>
        </message>
        <message>
            <source>score {0}</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Gestures</name>
        <message>
            <source>import {0} images from {1}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>mark the rest healthy</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>mark the rest unknown</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>move to split {0}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>redo {0}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>tag defective</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>tag good</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>tag unlabelled</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>train {0}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>undo {0}</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Handbook</name>
        <message>
            <source>Handbook</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Page of the handbook</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Pages of the handbook</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>HelpWindow</name>
        <message>
            <source>DefectStudio {0}</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Histogram</name>
        <message>
            <source>Histogram of the image</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>History</name>
        <message numerus="yes">
            <source>%Ln image(s)</source>
            <translation type="unfinished">
                <numerusform />
                <numerusform />
            </translation>
        </message>
        <message>
            <source>&amp;Undo back to here…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>By</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>History of the project</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Nothing has been done yet. Every step is listed here and saved at once.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Show &amp;older steps</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Step</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Take back every step after the chosen one. Redo brings them back one by one.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Time</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{0}, taken back</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>HistoryDesk</name>
        <message>
            <source>&amp;Undo them</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Nothing is erased: Redo brings the steps back one by one.</source>
            <translation type="unfinished" />
        </message>
        <message numerus="yes">
            <source>Take back the %Ln step(s) after this one?</source>
            <translation type="unfinished">
                <numerusform />
                <numerusform />
            </translation>
        </message>
        <message>
            <source>Undo back to here</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>ImageSection</name>
        <message>
            <source>Complete: every pixel is known.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Done</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Flagged</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>How far the work on this image has come</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>In work</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Looking…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Make it unknown</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No image is chosen.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Nothing is drawn yet. G says it is good; paint to mark a defect.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tagged good: all of it is healthy.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The rest is healthy</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>To do</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{0} % of the image is unknown.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>ImportDialog</name>
        <message>
            <source>&amp;Browse…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Folder</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Hold back for testing</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Import</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Import {0} images</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Layout</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Preview</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Cancel</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Choose a folder and press Preview. Nothing is written before you have seen what would be imported, and the folder itself is never changed.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Find out by looking</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Folder to import</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Folder with images</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>I&amp;dentical images</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Import images</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Import only one of each</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Keep them as they are</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Keep them in the same split</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Layout of the folder</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Name a folder above.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No folder is chosen.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Part of the images to hold back for testing</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Progress of the import</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Stopping…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>What the folder holds</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>What to do with identical images</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>LevelsForm</name>
        <message>
            <source>Black</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Black point</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Changes the display only, never what a detector sees.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Gamma</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>White</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>White point</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>LinkedViewers</name>
        <message>
            <source>Second viewer: the image alone</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>LogPanel</name>
        <message>
            <source>Log</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Messages and unexpected errors are listed here. Nothing so far.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>LossCurve</name>
        <message>
            <source>Loss over epochs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>epoch</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>MainWindow</name>
        <message>
            <source> (reading only)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Everything is saved: each step is on disk as soon as it is done.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No unlabelled image {0} this one.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Stopping what is under way; the window closes in a moment…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The run {0} is ready.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The training was stopped. What it had learnt is kept as run {0}, without predictions.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This image cannot be shown.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This project has no images yet.
Import a folder with Ctrl+I.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>after</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>before</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{0} images are imported.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{0} were there already.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>MiniMap</name>
        <message>
            <source>The whole image; click to move there</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>NotesSection</name>
        <message>
            <source> (at x {0}, y {1})</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A question for a colleague? Write it here, or press Shift+N over the spot.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Add a note</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>New note</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Note at x {0}, y {1}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Note on the whole image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Notes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Notes on this image; double click to rewrite one</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Remove the chosen note</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Notice</name>
        <message>
            <source>Close this notice</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Palette</name>
        <message>
            <source>Command to find</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Commands</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Find a command</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Type a command</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Polygon</name>
        <message>
            <source>Click the corners; Enter or a double click closes the shape. Backspace takes a corner back.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Presets</name>
        <message>
            <source>As delivered</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>ProjectWindow</name>
        <message>
            <source>A training is running.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>It is shown here for reading only; close it there to work here.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Name of the new project folder</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Open a project folder</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Stop it first, or wait until it ends.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>inspection</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Proposal</name>
        <message>
            <source>Point at a warm area of the heat map.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Point at a warm area of the heat map; a click accepts it as the current class.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The model sees no defect here.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>There is no heat map of this image.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Train a detector first, or choose a run.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>RegionsSection</name>
        <message>
            <source>Nothing is drawn here. Press B and paint over a defect, or drag a box with R.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Regions</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Regions ({0})</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Regions drawn on this image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>accepted</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>class {0}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>drawn</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>imported</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>mentored</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>refined</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>ResultsPanel</name>
        <message>
            <source>AP %</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>AUC %</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Best F1 %</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Choose a run to see its scores and heat maps.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Computing figures…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Correct %</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Defective</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>False alarms</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Figures of the run</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Images</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>IoU %</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Missed</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No detector has been trained yet. Tag some images good and some defective, then press Ctrl+T.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No tagged image has a prediction of this run.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>None (hide scores and heat maps)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Pixel AP %</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This run was stopped before its end and has no predictions.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Training run whose scores and heat maps are shown</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>all</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>seed {0}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>threshold {0}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>trained in {0}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{0} epochs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{0} images</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>RunDesk</name>
        <message>
            <source>A training is running.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Stop it first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Stopped.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Stopped. What was learnt so far is kept.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Training broke off.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Training is finished.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>ScissorsTool</name>
        <message>
            <source>Click along the edge of the defect; the line snaps to it. Enter or a double click closes it.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Select</name>
        <message>
            <source>Click a region to select it, drag to move it. Delete removes it; 1 to 9 change its class.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>SettingsDialog</name>
        <message>
            <source>Appearance</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Every change counts at once.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Pages of the settings</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Settings</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Shortcuts</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Shell</name>
        <message>
            <source>Annotate</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Heat map</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>History</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Images</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Labels</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Log</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Main toolbar</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Results</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Show log</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Something went wrong that should not have: {0}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Train</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Work</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Workspaces</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Your labels are safe. The log says more.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>ShortcutSheet</name>
        <message>
            <source>Keyboard shortcuts</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Wheel: zoom about the cursor. Middle button, or Space and drag: move. Double click: fit. Single letters work while the image or the list of images has the focus.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>ShortcutsPage</name>
        <message>
            <source>&amp;Add as another</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Default keys</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;No keys</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Preset</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Use it here instead</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Use these keys</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Choose a command above.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Click into the field and press the new keys.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Command</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Commands and their keys</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Default</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Keys</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Keys that another program made familiar</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Press the new keys here</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Search commands or keys</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Without Ctrl or Alt it is heard only while the image or the list of images has the focus.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Your own</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{0} is free.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{0} runs {1} at present.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>StartPage</name>
        <message>
            <source>Import a folder of images…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>New empty project…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Open a project…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Open the project {0}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Progress of the demo</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Recent projects</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Stop</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Try it with demo images</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Turn images of parts into a working defect detector, on this computer alone.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Superpixels</name>
        <message>
            <source>Click or drag over the small areas to paint them. Hold Alt to erase.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Tighten</name>
        <message>
            <source>Drag a box round the whole defect; the defect inside is found and painted.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Draw it closer round the defect.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No defect stands out inside this box.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Paint it with the brush instead.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This box is too large to search.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>ToolBox</name>
        <message>
            <source>Close it where it is open for writing, then open it here again.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This project is open for reading only, so nothing can be drawn.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>ToolsSection</name>
        <message>
            <source>Area size</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Brush size in pixels</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Do not overwrite other classes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Grow and shrink by so many pixels</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>How different a pixel may be</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>One connected area</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Side of an area in pixels</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Size</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Step</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tolerance</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tools</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>TrainPanel</name>
        <message>
            <source> of {0}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Epochs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Masks to use</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Network</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>All images</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>All masks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Epochs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Fast (pretrained encoder)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>How many masks training may use</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Network</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No defective image has a mask: training will use the tags alone.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No image here is tagged defective. Tag at least one with X.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No image here is tagged good. Tag some with G.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Open or make a project and import images first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Preparing…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Progress of the training</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>See&amp;d</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Seed of the random numbers</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>SegDecNet (from scratch)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Split to train on</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Start training</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Stop</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Stopping…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The loss curve appears here while a detector is trained.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This project is open for reading only, so nothing can be trained here.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Train &amp;on</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>about {0} left</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{0} ({1} good, {2} defective)</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>ViewerBar</name>
        <message>
            <source>As stored</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Levels and gamma of the display</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Opacity of the heat map</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Opacity of the labels</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Wand</name>
        <message>
            <source>Press on the defect; drag right to take more, left to take less; let go to paint.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>Words</name>
        <message>
            <source>Defective</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Done</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Flagged</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Good</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>In work</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No split</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>To do</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Unlabelled</source>
            <translation type="unfinished" />
        </message>
    </context>
</TS>
